#include "base/strict_json.h"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <cmath>
#include <set>

namespace suture::json {
namespace {

namespace bj = boost::json;

/// Looks at the text before it becomes a value. The names are those that Boost's basic_parser calls.
struct Inspector {
  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_array_size = max_object_size;
  static constexpr std::size_t max_key_size = max_object_size;
  static constexpr std::size_t max_string_size = max_object_size;

  std::size_t values_left;
  bool fractions;
  std::string why{};
  std::vector<std::set<std::string, std::less<>>> members{};
  std::string key{};

  bool refuse(std::string reason, bj::error_code& code) {
    why = std::move(reason);
    code = bj::error::syntax;
    return false;
  }
  bool count(bj::error_code& code) { return values_left-- > 0 || refuse("has too many values", code); }

  bool on_document_begin(bj::error_code&) { return true; }
  bool on_document_end(bj::error_code&) { return true; }
  bool on_object_begin(bj::error_code& code) {
    members.emplace_back();
    return count(code);
  }
  bool on_object_end(std::size_t, bj::error_code&) {
    members.pop_back();
    return true;
  }
  bool on_array_begin(bj::error_code& code) { return count(code); }
  bool on_array_end(std::size_t, bj::error_code&) { return true; }
  bool on_key_part(bj::string_view part, std::size_t, bj::error_code&) {
    key.append(part);
    return true;
  }
  bool on_key(bj::string_view part, std::size_t, bj::error_code& code) {
    key.append(part);
    if (!members.back().insert(key).second) return refuse(fmt::format("has the member '{}' twice", key), code);
    key.clear();
    return true;
  }
  bool on_string_part(bj::string_view, std::size_t, bj::error_code&) { return true; }
  bool on_string(bj::string_view, std::size_t, bj::error_code& code) { return count(code); }
  bool on_number_part(bj::string_view, bj::error_code&) { return true; }
  bool on_int64(std::int64_t number, bj::string_view, bj::error_code& code) {
    if (number > largest_integer || number < -largest_integer) return refuse("has an integer beyond 2^53", code);
    return count(code);
  }
  bool on_uint64(std::uint64_t, bj::string_view, bj::error_code& code) {
    return refuse("has an integer beyond 2^53", code);
  }
  bool on_double(double number, bj::string_view, bj::error_code& code) {
    if (!fractions) return refuse("has a number that is no integer", code);
    if (!std::isfinite(number)) return refuse("has a number that is not finite", code);
    return count(code);
  }
  bool on_bool(bool, bj::error_code& code) { return count(code); }
  bool on_null(bj::error_code& code) { return count(code); }
  bool on_comment_part(bj::string_view, bj::error_code&) { return true; }
  bool on_comment(bj::string_view, bj::error_code&) { return true; }
};

std::string quoted(const bj::value& value) {
  constexpr std::size_t longest = 40;
  auto text = bj::serialize(value);
  return text.size() > longest ? text.substr(0, longest) + "…" : text;
}

}  // namespace

Result<bj::value> parse_strict(std::string_view text, std::string_view name, const Limits& limits) {
  if (text.size() > limits.bytes) return fail("{}: is longer than {} bytes", name, limits.bytes);
  bj::parse_options options;
  options.max_depth = limits.depth;
  bj::basic_parser<Inspector> inspector(options,
                                        Inspector{.values_left = limits.values, .fractions = limits.fractions});
  bj::error_code code;
  const auto read = inspector.write_some(false, text.data(), text.size(), code);
  if (!inspector.handler().why.empty()) return fail("{}: {} (offset {})", name, inspector.handler().why, read);
  if (code) return fail("{}: is not JSON: {} (offset {})", name, code.message(), read);
  auto value = bj::parse(bj::string_view(text.data(), text.size()), code, {}, options);
  if (code) return fail("{}: is not JSON: {}", name, code.message());
  return value;
}

Result<Fields> Fields::of(const bj::value& value, std::string place) {
  const auto* object = value.if_object();
  if (object == nullptr) return fail("{}: is no object but {}", place, quoted(value));
  return Fields(*object, std::move(place));
}

const bj::value* Fields::find(std::string_view name) {
  const auto* member = object_->find(name);
  if (member == object_->end()) return nullptr;
  taken_.push_back(member->key());
  return &member->value();
}

Result<const bj::value*> Fields::get(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) return fail("{}: is missing", place(name));
  return value;
}

Result<std::string> Fields::string(std::string_view name) {
  const auto* value = TRY(get(name));
  const auto* text = value->if_string();
  if (text == nullptr) return fail("{}: is no string but {}", place(name), quoted(*value));
  return std::string(text->data(), text->size());
}

Result<bool> Fields::boolean(std::string_view name) {
  const auto* value = TRY(get(name));
  const auto* flag = value->if_bool();
  if (flag == nullptr) return fail("{}: is neither true nor false but {}", place(name), quoted(*value));
  return *flag;
}

Result<std::int64_t> Fields::integer(std::string_view name, std::int64_t least, std::int64_t most) {
  const auto* value = TRY(get(name));
  const auto* number = value->if_int64();
  if (number == nullptr || *number < least || *number > most) {
    return fail("{}: is no integer from {} to {} but {}", place(name), least, most, quoted(*value));
  }
  return *number;
}

Result<const bj::array*> Fields::array(std::string_view name) {
  const auto* value = TRY(get(name));
  const auto* array = value->if_array();
  if (array == nullptr) return fail("{}: is no array but {}", place(name), quoted(*value));
  return array;
}

Result<Fields> Fields::object(std::string_view name) {
  const auto* value = TRY(get(name));
  return of(*value, place(name));
}

std::vector<std::string_view> Fields::rest() const {
  std::vector<std::string_view> left;
  for (const auto& member : *object_) {
    const std::string_view key = member.key();
    if (std::find(taken_.begin(), taken_.end(), key) == taken_.end()) left.push_back(key);
  }
  return left;
}

Status Fields::no_rest() const {
  const auto left = rest();
  if (!left.empty()) return fail("{}: has the unknown member '{}'", place_, left.front());
  return {};
}

}  // namespace suture::json
