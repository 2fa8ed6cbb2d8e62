// Structs described with BOOST_DESCRIBE_STRUCT from JSON of strangers: every member must be there, of
// its type and range, and no other. Errors name the place. Include this only in .cc files.
#pragma once

#include <type_traits>
#include <vector>

#include "base/strict_json.h"

namespace suture::json {

template <typename T>
struct IsVector : std::false_type {};
template <typename T>
struct IsVector<std::vector<T>> : std::true_type {};

/// Strings, integers, booleans, described structs, and vectors of those.
template <typename T>
Result<T> read_described(const boost::json::value& json, const std::string& place);

/// The member `name` of type T.
template <typename T>
Result<T> read_member(Fields& fields, std::string_view name) {
  if constexpr (std::is_same_v<T, std::string>) {
    return fields.string(name);
  } else if constexpr (std::is_same_v<T, bool>) {
    return fields.boolean(name);
  } else if constexpr (std::is_integral_v<T>) {
    constexpr auto highest = std::numeric_limits<T>::max();
    constexpr auto most =
        std::cmp_less(highest, largest_integer) ? static_cast<std::int64_t>(highest) : largest_integer;
    constexpr auto least = std::is_signed_v<T> ? -most : std::int64_t{0};
    const auto number = TRY(fields.integer(name, least, most));
    return static_cast<T>(number);
  } else if constexpr (IsVector<T>::value) {
    const auto* array = TRY(fields.array(name));
    T elements;
    for (const auto& each : *array) {
      auto element = TRY(read_described<typename T::value_type>(
          each, fields.place(name) + "[" + std::to_string(elements.size()) + "]"));
      elements.push_back(std::move(element));
    }
    return elements;
  } else {
    const auto* value = TRY(fields.get(name));
    return read_described<T>(*value, fields.place(name));
  }
}

template <typename T>
Result<T> read_described(const boost::json::value& json, const std::string& place) {
  if constexpr (std::is_same_v<T, std::string>) {
    const auto* text = json.if_string();
    if (text == nullptr) return fail("{}: is no string", place);
    return std::string(text->data(), text->size());
  } else if constexpr (std::is_integral_v<T>) {
    const auto* number = json.if_int64();
    if (number == nullptr || !std::in_range<T>(*number)) return fail("{}: is no integer in range", place);
    return static_cast<T>(*number);
  } else {
    auto fields = TRY(Fields::of(json, place));
    T result{};
    std::optional<Error> error;
    boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>([&](auto member) {
      if (error) return;
      auto value = read_member<std::decay_t<decltype(result.*member.pointer)>>(fields, member.name);
      if (value) {
        result.*member.pointer = std::move(*value);
      } else {
        error = std::move(value).error();
      }
    });
    if (error) return fail(std::move(*error));
    TRY(fields.no_rest());
    return result;
  }
}

/// `name` is what errors call the source.
template <typename T>
Result<T> from_strict_text(std::string_view text, std::string_view name, const Limits& limits = {}) {
  const auto value = TRY(parse_strict(text, name, limits));
  return read_described<T>(value, std::string(name));
}

}  // namespace suture::json
