#include "image/vmlinuz.h"

#include <algorithm>

#include "image/decompress.h"

namespace suture::image {
namespace {

constexpr std::uint32_t header_magic = 0x53726448;  // "HdrS"

struct Payload {
  ByteView bytes;
  std::uint64_t offset;
};

Result<Payload> find_payload(ByteView bzimage, std::string_view name) {
  const Reader reader(bzimage, std::string(name));
  const auto magic = reader.at<std::uint32_t>(0x202);
  if (!magic || *magic != header_magic)
    return fail(Error(fmt::format("{}: is not a Linux bzImage: no boot header at offset 0x202", name))
                    .advise("give the vmlinuz file of an x86-64 kernel, as its package installs it below /boot"));
  const auto version = TRY(reader.at<std::uint16_t>(0x206));
  if (version < 0x208)
    return fail("{}: boot protocol {}.{:02} does not say where the kernel is; 2.08 is needed", name, version >> 8,
                version & 0xff);
  const auto declared_sectors = TRY(reader.at<std::uint8_t>(0x1f1));
  const std::uint64_t sectors = declared_sectors == 0 ? 4 : declared_sectors;
  const auto offset = TRY(reader.at<std::uint32_t>(0x248)) + (sectors + 1) * 512;
  const auto length = TRY(reader.at<std::uint32_t>(0x24c));
  return Payload{TRY(reader.slice(offset, length), "reading the compressed kernel"), offset};
}

}  // namespace

Result<Bytes> unpack_vmlinuz(ByteView bzimage, std::string_view name) {
  auto [bytes, offset] = TRY(find_payload(bzimage, name));
  const auto compression = compression_of(bytes);
  if (!compression)
    return fail(
        "{}: the kernel at offset {:#x} is compressed in an unknown way (it begins with {}); gzip, xz, zstd "
        "and lz4 are known",
        name, offset, to_hex(bytes.first(std::min<std::size_t>(bytes.size(), 6))));

  // Where the format does not end in the unpacked size, as gzip's does, kbuild appends it
  // (scripts/Makefile.lib, size_append).
  std::optional<std::uint32_t> size;
  if (*compression != Compression::gzip) {
    if (bytes.size() < 4) return fail("{}: the kernel at offset {:#x} is cut short", name, offset);
    size = load_le<std::uint32_t>(bytes, bytes.size() - 4);
    bytes = bytes.first(bytes.size() - 4);
  }
  auto elf = TRY(decompress(bytes, *compression, std::min<std::uint64_t>(size.value_or(size_limit), size_limit), name),
                 "unpacking the kernel at offset {:#x}", offset);
  if (size && *size != elf.size())
    return fail("{}: the kernel at offset {:#x} unpacks to {} bytes, but says it has {} (truncated or corrupt)", name,
                offset, elf.size(), *size);
  if (!as_text(elf).starts_with("\x7f"
                                "ELF"))
    return fail("{}: holds a kernel that is not an ELF file", name);
  return elf;
}

}  // namespace suture::image
