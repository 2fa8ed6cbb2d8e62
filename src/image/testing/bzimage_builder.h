// Wraps a compressed kernel into a bzImage, for tests and fuzzing.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/bytes.h"

namespace suture::image::testing {

/// A boot sector and four setup sectors with the header fields that say where `payload` is, which
/// lies 64 bytes into the protected-mode code, and a few bytes behind it.
inline Bytes wrap_in_bzimage(ByteView payload) {
  constexpr std::uint32_t payload_offset = 64;
  const std::size_t begin = 5 * 512 + payload_offset;
  Bytes image(begin + payload.size() + 16);
  image[0x1f1] = 4;
  store_le<std::uint32_t>(image, 0x202, 0x53726448);
  store_le<std::uint16_t>(image, 0x206, 0x020f);
  store_le<std::uint32_t>(image, 0x248, payload_offset);
  store_le<std::uint32_t>(image, 0x24c, static_cast<std::uint32_t>(payload.size()));
  std::copy(payload.begin(), payload.end(), image.begin() + static_cast<std::ptrdiff_t>(begin));
  return image;
}

}  // namespace suture::image::testing
