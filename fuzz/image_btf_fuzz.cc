#include "fuzz/fuzz.h"
#include "image/btf.h"
#include "image/testing/btf_builder.h"

namespace suture {
namespace {

Bytes some_types() {
  image::testing::BtfBuilder builder;
  const auto word = builder.integer("int", 4);
  const auto name = builder.array(builder.alias("t", word), 14);
  const auto inner = builder.structure("", 8, {{"a", word, 0}, {"b", word, 3U << 24 | 32}}, true);
  const auto either = builder.combined("", 8, {{"", inner, 0}, {"c", builder.pointer(word), 0}});
  builder.structure("s", 72, {{"name", name, 0}, {"", either, 448}});
  builder.structure("s", 72, {{"name", name, 0}, {"", either, 448}});
  return builder.build();
}

}  // namespace
}  // namespace suture

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace suture;
  static const Bytes types = some_types();
  ByteView input(data, size);
  const bool raw = fuzz::take_byte(input) % 2 == 0;
  const auto btf = image::Btf::parse(raw ? Bytes(input.begin(), input.end()) : fuzz::damage(types, input), "input");
  if (!btf) return 0;
  for (const auto* name : {"s", "", "t"}) {
    const auto layout = btf->structure(name);
    if (!layout) continue;
    for (const auto& member : layout->members) fuzz::require(layout->find(member.name) != nullptr);
  }
  return 0;
}
