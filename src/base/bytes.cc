#include "base/bytes.h"

#include <algorithm>

namespace suture {

Result<std::string_view> Reader::string(std::uint64_t offset) const {
  if (offset >= bytes_.size()) return outside(offset, 1);
  const auto rest = bytes_.subspan(offset);
  const auto end = std::find(rest.begin(), rest.end(), 0);
  if (end == rest.end()) return fail("{}: string at offset {:#x} does not end", name_, offset);
  return as_text(rest.first(static_cast<std::size_t>(end - rest.begin())));
}

tl::unexpected<Error> Reader::outside(std::uint64_t offset, std::uint64_t length) const {
  return fail("{}: needs {} bytes at offset {:#x}, but ends at {:#x} (truncated or corrupt)", name_, length, offset,
              bytes_.size());
}

std::string to_hex(ByteView bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const auto byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

Result<Bytes> from_hex(std::string_view text) {
  const auto digit = [](char c) -> int {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  };
  if (text.size() % 2 != 0) return fail("'{}' is not hexadecimal: odd number of digits", text);
  Bytes bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = digit(text[i]);
    const int low = digit(text[i + 1]);
    if (high < 0 || low < 0) return fail("'{}' is not hexadecimal at character {}", text, i);
    bytes.push_back(static_cast<std::uint8_t>(high * 16 + low));
  }
  return bytes;
}

}  // namespace suture
