#include "builder/live_patch_name.h"

#include <algorithm>

namespace suture::builder {
namespace {

constexpr std::size_t longest = 55;  // include/linux/moduleparam.h: MODULE_NAME_LEN is 56 with its NUL

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }
bool is_fit(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; }

char fitting(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
  return is_fit(c) ? c : '_';
}

}  // namespace

std::string default_name(const fs::path& fix) {
  constexpr std::string_view prefix = "livepatch_";
  auto name = fix.stem().string();
  std::transform(name.begin(), name.end(), name.begin(), fitting);
  if (!name.starts_with(prefix)) name.insert(0, prefix);
  return name.substr(0, longest);
}

Status check_name(std::string_view name) {
  if (!name.empty() && name.size() <= longest && is_letter(name.front()) &&
      std::all_of(name.begin(), name.end(), is_fit))
    return {};
  return fail(Error(fmt::format("'{}' cannot name a module", name.substr(0, 80)))
                  .advise("use up to 55 of a-z, 0-9 and _, beginning with a letter"));
}

}  // namespace suture::builder
