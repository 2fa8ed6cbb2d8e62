#include "fuzz/fuzz.h"
#include "image/kernel_image.h"
#include "image/testing/kernel_builder.h"

namespace suture {
namespace {

Bytes some_kernel() {
  image::testing::KernelBuilder builder;
  builder.text.resize(64);
  builder.call_sites = {builder.text_begin, builder.text_begin + 20, 0};
  builder.types.structure("module", 64, {{"state", builder.types.integer("int", 4), 0}});
  return builder.build();
}

}  // namespace
}  // namespace suture

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace suture;
  static const Bytes kernel = some_kernel();
  const auto image = image::KernelImage::parse(fuzz::damage(kernel, {data, size}), "input");
  if (!image) return 0;
  fuzz::require(!image->build_id().empty());
  for (const auto& symbol : image->symbols().symbols()) {
    const auto site = image->fentry_site(symbol.address);
    fuzz::require(!site || *site - symbol.address <= 4);
    const auto* section = image->section_at(symbol.address);
    if (image->bytes_at(symbol.address, 1)) fuzz::require(section != nullptr);
  }
  return 0;
}
