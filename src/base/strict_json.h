// JSON from strangers, where two readers must never see two different things: no member twice, no
// fraction where none is asked for, no integer beyond 2^53 - 1 (which JavaScript could not hold), no broken UTF-8; and
// bounded. Include this only in .cc files.
#pragma once

#include <boost/describe.hpp>
#include <boost/json.hpp>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace suture::json {

inline constexpr std::int64_t largest_integer = (std::int64_t{1} << 53) - 1;

struct Limits {
  std::size_t bytes = std::size_t{8} << 20;
  std::size_t depth = 16;
  std::size_t values = 1'000'000;  ///< objects, arrays, and what is in them
  bool fractions = false;          ///< for what is measured, and never signed: finite numbers that are no integers
};

/// `name` is what errors call the source; they say the reason, and where it is known the offset.
Result<boost::json::value> parse_strict(std::string_view text, std::string_view name, const Limits& limits = {});

/// The members of an object, taken one by one. Errors name the place: "a.json: signed.version: …".
class Fields {
 public:
  /// Fails if `value` is no object.
  static Result<Fields> of(const boost::json::value& value, std::string place);

  /// null if the member is not there.
  const boost::json::value* find(std::string_view name);
  Result<const boost::json::value*> get(std::string_view name);
  Result<std::string> string(std::string_view name);
  Result<bool> boolean(std::string_view name);
  Result<std::int64_t> integer(std::string_view name, std::int64_t least, std::int64_t most = largest_integer);
  Result<const boost::json::array*> array(std::string_view name);
  Result<Fields> object(std::string_view name);

  const boost::json::object& all() const { return *object_; }
  std::string place(std::string_view name) const { return place_ + "." + std::string(name); }
  /// What nobody asked for.
  std::vector<std::string_view> rest() const;
  Status no_rest() const;

 private:
  Fields(const boost::json::object& object, std::string place) : object_(&object), place_(std::move(place)) {}

  const boost::json::object* object_;
  std::string place_;
  std::vector<std::string_view> taken_;
};

}  // namespace suture::json
