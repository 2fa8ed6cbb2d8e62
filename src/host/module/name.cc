#include "host/module/name.h"

#include <algorithm>

namespace suture::host {

bool is_module_name(std::string_view name) {
  constexpr std::size_t most = 55;
  return !name.empty() && name.size() <= most && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

Status check_module_name(std::string_view name) {
  if (is_module_name(name)) return {};
  std::string shown;
  for (const char c : name.substr(0, 60)) shown += c < ' ' || c == '\x7f' ? '?' : c;
  return fail("\"{}\" is no name of a module: letters, digits and underscores, at most 55", shown);
}

}  // namespace suture::host
