#include <array>

#include "fuzz/fuzz.h"
#include "image/decompress.h"
#include "image/testing/bzimage_builder.h"
#include "image/testing/compress.h"
#include "image/vmlinuz.h"

namespace suture {
namespace {

using image::Compression;

Bytes some_payload(Compression compression) {
  Bytes elf = {0x7f, 'E', 'L', 'F'};
  for (std::uint32_t i = 0; i < 500; ++i) append_le(elf, i / 3);
  auto payload = image::testing::compress(elf, compression);
  if (compression != Compression::gzip) append_le(payload, static_cast<std::uint32_t>(elf.size()));
  return payload;
}

}  // namespace
}  // namespace suture

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace suture;
  static const std::array<Bytes, 4> payloads = {some_payload(Compression::gzip), some_payload(Compression::xz),
                                                some_payload(Compression::zstd), some_payload(Compression::lz4)};
  ByteView input(data, size);
  const auto choice = fuzz::take_byte(input) % (2 * payloads.size() + 1);
  const auto& payload = payloads[choice % payloads.size()];
  Bytes file(input.begin(), input.end());
  if (choice < payloads.size()) file = image::testing::wrap_in_bzimage(fuzz::damage(payload, input));
  if (choice >= payloads.size() && choice < 2 * payloads.size())
    file = fuzz::damage(image::testing::wrap_in_bzimage(payload), input);
  const auto elf = image::unpack_vmlinuz(file, "input");
  if (elf)
    fuzz::require(
        as_text(*elf).starts_with("\x7f"
                                  "ELF"));
  return 0;
}
