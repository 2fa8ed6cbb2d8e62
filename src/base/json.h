// Structs described with BOOST_DESCRIBE_STRUCT become JSON objects with the same member names, and
// back. Include this only in .cc files: Boost.JSON's templates are slow to compile.
#pragma once

#include <boost/describe.hpp>
#include <boost/json.hpp>
#include <string>

#include "base/result.h"

namespace suture::json {

/// Two-space indented text with a final newline, keys in the order of the members.
std::string pretty(const boost::json::value& value);

Result<boost::json::value> parse(std::string_view text, std::string_view name);

template <typename T>
std::string to_text(const T& value) {
  return pretty(boost::json::value_from(value));
}

/// `name` is what errors call the source.
template <typename T>
Result<T> from_text(std::string_view text, std::string_view name) {
  const auto value = TRY(parse(text, name));
  auto parsed = boost::json::try_value_to<T>(value);
  if (!parsed) return fail("{}: does not have the expected fields: {}", name, parsed.error().message());
  return std::move(*parsed);
}

}  // namespace suture::json
