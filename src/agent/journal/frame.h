// How the journal lies on the disk: one frame after the other, nothing before, between or behind.
//
//   offset  size
//   0       2     mark, "SJ"
//   2       1     version of this layout, 1
//   3       1     kind of the entry
//   4       4     length of the payload, little-endian
//   8       8     sequence number: 0, 1, 2, …
//   16      n     payload
//   16 + n  8     the first 8 bytes of the SHA-256 of all the above
//
// A frame is synced before the action that it announces, so only the last one can be torn: by a crash, a
// power loss or a full disk. What is torn was announced to nobody, and is cut off. Anything else that
// is not as it should be is damage: then the journal is no ground to act on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace suture::agent {

inline constexpr std::uint32_t largest_payload = 1 << 20;

struct Frame {
  std::uint8_t kind = 0;
  std::uint64_t sequence = 0;
  std::string payload{};
  bool operator==(const Frame&) const = default;
};

/// The payload is at most largest_payload bytes long.
Bytes encode(const Frame& frame);

struct Frames {
  std::vector<Frame> frames;
  std::uint64_t size = 0;  ///< bytes that they take; what lies behind is torn
};

/// Fails on damage: names the offset and what is wrong there.
Result<Frames> decode(ByteView journal, std::string_view name);

}  // namespace suture::agent
