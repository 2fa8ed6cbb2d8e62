// Compresses as kbuild compresses kernels and modules, for tests.
#pragma once

#include <lz4.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <array>

#include "base/bytes.h"
#include "image/decompress.h"

namespace suture::image::testing {

/// As scripts/xz_wrap.sh: BCJ x86 filter, then LZMA2, CRC32.
inline Bytes compress_xz(ByteView bytes) {
  lzma_options_lzma options;
  lzma_lzma_preset(&options, 1);
  std::array<lzma_filter, 3> filters = {
      {{LZMA_FILTER_X86, nullptr}, {LZMA_FILTER_LZMA2, &options}, {LZMA_VLI_UNKNOWN, nullptr}}};
  Bytes out(lzma_stream_buffer_bound(bytes.size()));
  std::size_t length = 0;
  const auto status = lzma_stream_buffer_encode(filters.data(), LZMA_CHECK_CRC32, nullptr, bytes.data(), bytes.size(),
                                                out.data(), &length, out.size());
  out.resize(status == LZMA_OK ? length : 0);
  return out;
}

inline Bytes compress_zstd(ByteView bytes) {
  Bytes out(ZSTD_compressBound(bytes.size()));
  out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 3));
  return out;
}

/// The legacy frame: a magic number, then blocks, each with its size.
inline Bytes compress_lz4(ByteView bytes) {
  Bytes block(static_cast<std::size_t>(LZ4_compressBound(static_cast<int>(bytes.size()))));
  const int length =
      LZ4_compress_default(reinterpret_cast<const char*>(bytes.data()), reinterpret_cast<char*>(block.data()),
                           static_cast<int>(bytes.size()), static_cast<int>(block.size()));
  block.resize(static_cast<std::size_t>(length));
  Bytes out;
  append_le<std::uint32_t>(out, 0x184c2102);
  append_le(out, static_cast<std::uint32_t>(length));
  out.insert(out.end(), block.begin(), block.end());
  return out;
}

inline Bytes compress_gzip(ByteView bytes) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  Bytes out(deflateBound(&stream, bytes.size()));
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

inline Bytes compress(ByteView bytes, Compression compression) {
  switch (compression) {
    case Compression::gzip:
      return compress_gzip(bytes);
    case Compression::xz:
      return compress_xz(bytes);
    case Compression::zstd:
      return compress_zstd(bytes);
    case Compression::lz4:
      return compress_lz4(bytes);
  }
  return {};
}

}  // namespace suture::image::testing
