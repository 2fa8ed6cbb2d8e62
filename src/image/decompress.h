// Whole-buffer decompression of what kernels and their modules are shipped in.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace suture::image {

/// `lz4` is the legacy frame that `lz4 -l` writes, which the kernel's build uses.
enum class Compression { gzip, xz, zstd, lz4 };

/// Told by the magic number at the front; none for anything else.
std::optional<Compression> compression_of(ByteView bytes);

/// More than any kernel or module is, unpacked.
constexpr std::uint64_t size_limit = 512U << 20;

/// All of `compressed`, unpacked. Fails on damage, on a stream that stops early, and as soon as the
/// output would pass `limit` bytes. `name` is what errors call the source.
Result<Bytes> decompress(ByteView compressed, Compression compression, std::uint64_t limit, std::string_view name);

}  // namespace suture::image
