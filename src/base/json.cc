#include "base/json.h"

namespace suture::json {
namespace {

void write(const boost::json::value& value, std::size_t depth, std::string& out) {
  const auto line = [&](std::size_t at) { out += "\n" + std::string(at * 2, ' '); };
  if (const auto* object = value.if_object(); object != nullptr && !object->empty()) {
    out += '{';
    bool first = true;
    for (const auto& member : *object) {
      out += std::exchange(first, false) ? "" : ",";
      line(depth + 1);
      out += boost::json::serialize(member.key()) + ": ";
      write(member.value(), depth + 1, out);
    }
    line(depth);
    out += '}';
  } else if (const auto* array = value.if_array(); array != nullptr && !array->empty()) {
    out += '[';
    bool first = true;
    for (const auto& element : *array) {
      out += std::exchange(first, false) ? "" : ",";
      line(depth + 1);
      write(element, depth + 1, out);
    }
    line(depth);
    out += ']';
  } else if (const auto* number = value.if_double(); number != nullptr) {
    out += fmt::format("{}", *number);  // Boost 1.81 would print 1.5E0
  } else {
    out += boost::json::serialize(value);
  }
}

}  // namespace

std::string pretty(const boost::json::value& value) {
  std::string out;
  write(value, 0, out);
  return out + "\n";
}

Result<boost::json::value> parse(std::string_view text, std::string_view name) {
  boost::json::error_code code;
  auto value = boost::json::parse(boost::json::string_view(text.data(), text.size()), code);
  if (code) return fail("{}: is not JSON: {}", name, code.message());
  return value;
}

}  // namespace suture::json
