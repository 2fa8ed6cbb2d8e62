// What fuzz targets share.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "base/bytes.h"

namespace suture::fuzz {

/// Says that a promise of a header was broken.
inline void require(bool promise) {
  if (!promise) std::abort();
}

/// Takes the first byte off the input, to choose by.
inline std::uint8_t take_byte(ByteView& input) {
  if (input.empty()) return 0;
  const auto byte = input.front();
  input = input.subspan(1);
  return byte;
}

/// A valid `base`, damaged as the input says: every four bytes of it are a place (24 bits) and a
/// new value; what is left over cuts bytes off the end. Formats that hang together through offsets
/// and counts are not found by chance, but are soon broken in interesting ways.
inline Bytes damage(Bytes base, ByteView input) {
  for (; input.size() >= 4 && !base.empty(); input = input.subspan(4)) {
    const auto word = load_le<std::uint32_t>(input, 0);
    base[(word & 0xffffff) % base.size()] = static_cast<std::uint8_t>(word >> 24);
  }
  if (!input.empty()) base.resize(base.size() - std::min<std::size_t>(base.size(), input.front()));
  return base;
}

}  // namespace suture::fuzz
