// Numbers in what the kernel prints.
#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string_view>

namespace suture::host {

/// The whole of `text` as a number; nothing if it is anything else, or does not fit.
template <std::integral T>
std::optional<T> to_number(std::string_view text, int base = 10) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The same for "12.34".
inline std::optional<double> to_decimal(std::string_view text) {
  double value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace suture::host
