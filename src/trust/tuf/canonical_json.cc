#include "trust/tuf/canonical_json.h"

#include <algorithm>

#include "base/json.h"

namespace suture::trust::tuf {
namespace {

void write_string(std::string_view text, std::string& out) {
  out += '"';
  for (const char each : text) {
    if (each == '"' || each == '\\') out += '\\';
    out += each;
  }
  out += '"';
}

void write(const boost::json::value& value, std::string& out) {
  if (const auto* text = value.if_string(); text != nullptr) {
    write_string(*text, out);
  } else if (const auto* array = value.if_array(); array != nullptr) {
    out += '[';
    for (const auto& element : *array) {
      if (&element != array->begin()) out += ',';
      write(element, out);
    }
    out += ']';
  } else if (const auto* object = value.if_object(); object != nullptr) {
    std::vector<const boost::json::key_value_pair*> members;
    for (const auto& member : *object) members.push_back(&member);
    // Bytes of UTF-8 compare as code points do.
    std::sort(members.begin(), members.end(), [](auto* a, auto* b) { return a->key() < b->key(); });
    out += '{';
    for (const auto* member : members) {
      if (member != members.front()) out += ',';
      write_string(member->key(), out);
      out += ':';
      write(member->value(), out);
    }
    out += '}';
  } else {
    out += boost::json::serialize(value);
  }
}

}  // namespace

std::string canonical_json(const boost::json::value& value) {
  std::string out;
  write(value, out);
  return out;
}

}  // namespace suture::trust::tuf
