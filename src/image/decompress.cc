#include "image/decompress.h"

#include <archive.h>

#include <algorithm>
#include <array>
#include <memory>

namespace suture::image {
namespace {

using Archive = std::unique_ptr<archive, decltype(&archive_read_free)>;

struct Format {
  Compression compression;
  std::string_view magic;
  int filter;
};
constexpr std::array<Format, 4> formats = {{
    {Compression::gzip, "\x1f\x8b", ARCHIVE_FILTER_GZIP},
    {Compression::xz,
     std::string_view("\xfd"
                      "7zXZ\0",
                      6),
     ARCHIVE_FILTER_XZ},
    {Compression::zstd, "\x28\xb5\x2f\xfd", ARCHIVE_FILTER_ZSTD},
    {Compression::lz4, "\x02\x21\x4c\x18", ARCHIVE_FILTER_LZ4},
}};

std::string reason(archive* reader) {
  const char* text = archive_error_string(reader);
  return text != nullptr ? text : "damaged";
}

}  // namespace

std::optional<Compression> compression_of(ByteView bytes) {
  for (const auto& format : formats)
    if (as_text(bytes).starts_with(format.magic)) return format.compression;
  return std::nullopt;
}

Result<Bytes> decompress(ByteView compressed, Compression compression, std::uint64_t limit, std::string_view name) {
  const auto format = std::find_if(formats.begin(), formats.end(),
                                   [&](const Format& candidate) { return candidate.compression == compression; });
  const Archive reader(archive_read_new(), archive_read_free);
  if (!reader) return fail("{}: out of memory", name);
  // One filter, chosen here: libarchive's own bidding would unpack compressed data inside compressed
  // data, layer by layer, and only the outermost layer would be held to the limit.
  if (archive_read_support_format_raw(reader.get()) != ARCHIVE_OK ||
      archive_read_append_filter(reader.get(), format->filter) != ARCHIVE_OK)
    return fail("{}: {}", name, reason(reader.get()));
  archive_entry* entry = nullptr;
  if (archive_read_open_memory(reader.get(), compressed.data(), compressed.size()) != ARCHIVE_OK ||
      archive_read_next_header(reader.get(), &entry) != ARCHIVE_OK)
    return fail("{}: cannot be decompressed: {}", name, reason(reader.get()));

  Bytes unpacked;
  unpacked.reserve(std::min<std::uint64_t>(limit, compressed.size() * std::uint64_t{16}));
  for (;;) {
    const void* block = nullptr;
    std::size_t length = 0;
    la_int64_t offset = 0;
    const int status = archive_read_data_block(reader.get(), &block, &length, &offset);
    if (status == ARCHIVE_EOF) return unpacked;
    if (status != ARCHIVE_OK)
      return fail("{}: cannot be decompressed beyond {} bytes: {}", name, unpacked.size(), reason(reader.get()));
    if (length > limit - unpacked.size()) return fail("{}: unpacks to more than {} bytes", name, limit);
    const auto* bytes = static_cast<const std::uint8_t*>(block);
    unpacked.insert(unpacked.end(), bytes, bytes + length);
  }
}

}  // namespace suture::image
