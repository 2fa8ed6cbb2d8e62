// The words that manifests and indexes may use.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace suture::trust {

inline constexpr std::array<std::string_view, 2> fix_kinds{"security", "bugfix"};
inline constexpr std::array<std::string_view, 5> severities{"critical", "high", "medium", "low", "unknown"};
inline constexpr std::array<std::string_view, 3> edge_kinds{"replace", "disable-and-load", "reboot"};
inline constexpr std::array<std::string_view, 4> callback_kinds{"pre_patch", "post_patch", "pre_unpatch",
                                                                "post_unpatch"};

template <std::size_t size>
bool is_one_of(std::string_view word, const std::array<std::string_view, size>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Lower-case hexadecimal.
inline bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}
inline bool is_sha256(std::string_view text) { return text.size() == 64 && is_hex(text); }
/// SHA-1 as GNU ld and lld make them (--build-id); others are possible.
inline bool is_build_id(std::string_view text) {
  return text.size() >= 16 && text.size() <= 128 && text.size() % 2 == 0 && is_hex(text);
}
inline bool is_module_name(std::string_view text) {
  // MODULE_NAME_LEN is 56 on 64-bit, with the NUL.
  return !text.empty() && text.size() < 56 &&
         text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") ==
             std::string_view::npos;
}
/// "CVE-2026-12345"
inline bool is_cve(std::string_view text) {
  constexpr std::string_view digits = "0123456789";
  return text.starts_with("CVE-") && text.size() >= 13 && text.size() <= 20 && text[8] == '-' &&
         text.substr(4, 4).find_first_not_of(digits) == std::string_view::npos &&
         text.substr(9).find_first_not_of(digits) == std::string_view::npos;
}

}  // namespace suture::trust
