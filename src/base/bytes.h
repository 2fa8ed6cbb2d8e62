// Reading untrusted bytes: every access is checked, arithmetic cannot wrap, and errors name the
// source and the offset. All formats read here are little-endian (x86-64).
#pragma once

#include <concepts>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace suture {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

/// The little-endian integer at `offset`. The caller has checked that it lies inside.
template <std::integral T>
T load_le(ByteView bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}
template <std::integral T>
void store_le(std::span<std::uint8_t> bytes, std::size_t offset, T value) {
  std::memcpy(bytes.data() + offset, &value, sizeof value);
}
template <std::integral T>
void append_le(Bytes& bytes, T value) {
  const auto* raw = reinterpret_cast<const std::uint8_t*>(&value);
  bytes.insert(bytes.end(), raw, raw + sizeof value);
}

/// A checked window on bytes. `name` is what errors call the source: a file, a section.
class Reader {
 public:
  Reader(ByteView bytes, std::string name) : bytes_(bytes), name_(std::move(name)) {}

  std::uint64_t size() const { return bytes_.size(); }
  ByteView bytes() const { return bytes_; }
  const std::string& name() const { return name_; }

  template <std::integral T>
  Result<T> at(std::uint64_t offset) const {
    if (!holds(offset, sizeof(T))) return outside(offset, sizeof(T));
    return load_le<T>(bytes_, offset);
  }
  Result<ByteView> slice(std::uint64_t offset, std::uint64_t length) const {
    if (!holds(offset, length)) return outside(offset, length);
    return bytes_.subspan(offset, length);
  }
  /// The NUL-terminated string at `offset`, without its NUL.
  Result<std::string_view> string(std::uint64_t offset) const;

 private:
  bool holds(std::uint64_t offset, std::uint64_t length) const {
    return offset <= bytes_.size() && length <= bytes_.size() - offset;
  }
  tl::unexpected<Error> outside(std::uint64_t offset, std::uint64_t length) const;

  ByteView bytes_;
  std::string name_;
};

std::string to_hex(ByteView bytes);
Result<Bytes> from_hex(std::string_view text);

/// Rounds up to a power of two. The caller keeps `value` far from wrapping.
constexpr std::uint64_t align_up(std::uint64_t value, std::uint64_t alignment) {
  return alignment <= 1 ? value : (value + alignment - 1) & ~(alignment - 1);
}

}  // namespace suture
