#include "agent/journal/frame.h"

#include <algorithm>

#include "base/digest.h"

namespace suture::agent {
namespace {

constexpr std::size_t header_size = 16, checksum_size = 8;
constexpr std::uint8_t layout_version = 1;
constexpr std::size_t largest_frame = header_size + largest_payload + checksum_size;

std::string checksum(ByteView covered) { return sha256_hex(covered).substr(0, 2 * checksum_size); }

// What a frame at the begin of `bytes` is.
enum class Found { whole, bad, newer };

Found look_at(ByteView bytes) {
  if (bytes.size() < header_size + checksum_size || bytes[0] != 'S' || bytes[1] != 'J') return Found::bad;
  const auto length = load_le<std::uint32_t>(bytes, 4);
  if (length > largest_payload || bytes.size() < header_size + length + checksum_size) return Found::bad;
  const auto covered = bytes.first(header_size + length);
  if (to_hex(bytes.subspan(covered.size(), checksum_size)) != checksum(covered)) return Found::bad;
  return bytes[2] == layout_version ? Found::whole : Found::newer;
}

// Whether a frame begins anywhere in `bytes`. Each try costs a digest only behind a mark.
bool holds_a_frame(ByteView bytes) {
  for (std::size_t at = 0; at + header_size + checksum_size <= bytes.size(); ++at)
    if (look_at(bytes.subspan(at)) != Found::bad) return true;
  return false;
}

}  // namespace

Bytes encode(const Frame& frame) {
  Bytes bytes;
  bytes.reserve(header_size + frame.payload.size() + checksum_size);
  for (const std::uint8_t each : {std::uint8_t{'S'}, std::uint8_t{'J'}, layout_version, frame.kind})
    bytes.push_back(each);
  append_le(bytes, static_cast<std::uint32_t>(frame.payload.size()));
  append_le(bytes, frame.sequence);
  bytes.insert(bytes.end(), frame.payload.begin(), frame.payload.end());
  const auto sum = *from_hex(checksum(bytes));
  bytes.insert(bytes.end(), sum.begin(), sum.end());
  return bytes;
}

Result<Frames> decode(ByteView journal, std::string_view name) {
  Frames result;
  while (result.size < journal.size()) {
    const auto rest = journal.subspan(result.size);
    const auto found = look_at(rest);
    if (found == Found::newer)
      return fail("{}: at {}: written by a newer agent, in layout {}", name, result.size, rest[2]);
    if (found == Found::bad) {
      // Only one frame was ever under way, so what is torn is no longer than one, and nothing follows it.
      if (rest.size() > largest_frame || holds_a_frame(rest.subspan(1)))
        return fail("{}: at {}: damaged: no whole entry here, though there are some behind", name, result.size);
      return result;
    }
    const auto length = load_le<std::uint32_t>(rest, 4);
    Frame frame{.kind = rest[3],
                .sequence = load_le<std::uint64_t>(rest, 8),
                .payload = std::string(as_text(rest.subspan(header_size, length)))};
    if (frame.sequence != result.frames.size())
      return fail("{}: at {}: damaged: entry {} where {} was expected", name, result.size, frame.sequence,
                  result.frames.size());
    result.frames.push_back(std::move(frame));
    result.size += header_size + length + checksum_size;
  }
  return result;
}

}  // namespace suture::agent
