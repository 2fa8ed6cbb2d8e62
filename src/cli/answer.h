// Members of a server's answer. What is not there, or of another type, is empty: a table shows nothing in its place,
// and a server of another version stops nobody.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "cli/session.h"

namespace suture::cli {

inline const boost::json::value* member_of(const boost::json::value& value, std::string_view name) {
  return value.is_object() ? value.as_object().if_contains(name) : nullptr;
}
/// As a terminal may show it.
inline std::string text_of(const boost::json::value& value, std::string_view name) {
  const auto* member = member_of(value, name);
  return member != nullptr && member->is_string() ? plain(member->as_string()) : std::string();
}
inline std::int64_t number_of(const boost::json::value& value, std::string_view name) {
  const auto* member = member_of(value, name);
  return member != nullptr && member->is_int64() ? member->as_int64() : 0;
}
inline bool is_set(const boost::json::value& value, std::string_view name) {
  const auto* member = member_of(value, name);
  return member != nullptr && member->is_bool() && member->as_bool();
}
inline const boost::json::array& list_in(const boost::json::value* value) {
  static const boost::json::array none;
  return value != nullptr && value->is_array() ? value->as_array() : none;
}
inline const boost::json::array& list_of(const boost::json::value& value, std::string_view name) {
  return list_in(member_of(value, name));
}

/// The strings of a list: "a, b".
inline std::string joined(const boost::json::array& list) {
  std::string text;
  for (const auto& each : list)
    if (each.is_string()) text += (text.empty() ? "" : ", ") + plain(each.as_string());
  return text;
}

}  // namespace suture::cli
