#include "base/json.h"

#include <algorithm>
#include <cstdint>

namespace suture::json {
namespace {

// The bytes of the UTF-8 character at the front: 0 if it is none (RFC 3629, section 4).
std::size_t character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<std::uint8_t>(text[i]) : 0U; };
  const auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xbf) {
    return byte(i) >= low && byte(i) <= high;
  };
  const auto first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return follows(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef)
    return follows(1, first == 0xe0 ? 0xa0 : 0x80, first == 0xed ? 0x9f : 0xbf) && follows(2) ? 3 : 0;
  if (first >= 0xf0 && first <= 0xf4)
    return follows(1, first == 0xf0 ? 0x90 : 0x80, first == 0xf4 ? 0x8f : 0xbf) && follows(2) && follows(3) ? 4 : 0;
  return 0;
}

// JSON is UTF-8 (RFC 8259, section 8.1); what is quoted of files and mails may be anything.
std::string string(std::string_view text) {
  std::string clean;
  while (!text.empty()) {
    const auto length = character(text);
    clean += length == 0 ? "\xef\xbf\xbd" : text.substr(0, length);  // U+FFFD
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return boost::json::serialize(clean);
}

void write(const boost::json::value& value, std::size_t depth, std::string& out) {
  const auto line = [&](std::size_t at) { out += "\n" + std::string(at * 2, ' '); };
  if (const auto* object = value.if_object(); object != nullptr && !object->empty()) {
    out += '{';
    bool first = true;
    for (const auto& member : *object) {
      out += std::exchange(first, false) ? "" : ",";
      line(depth + 1);
      out += string(member.key()) + ": ";
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
  } else if (const auto* text = value.if_string(); text != nullptr) {
    out += string(*text);
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
