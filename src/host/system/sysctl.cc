#include "host/system/sysctl.h"

#include <algorithm>

#include "base/words.h"

namespace suture::host {

Result<std::string> sysctl_path(std::string_view name) {
  const auto bad = [&](std::string_view why) {
    std::string shown(name.substr(0, 100));
    std::replace_if(
        shown.begin(), shown.end(), [](char c) { return c < ' ' || c == '\x7f'; }, '?');
    return fail("\"{}\" is no name of a kernel setting: {}", shown, why);
  };
  if (name.size() > 255) return bad("too long");
  const auto first = name.find_first_of("./");
  if (first == std::string_view::npos) return bad("it has one part");
  const char separator = name[first];
  std::string path;
  for (std::string_view rest = name;;) {
    const bool last = rest.find(separator) == std::string_view::npos;
    std::string part(take_until(rest, separator));
    for (char& c : part) {
      const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                         c == '-' || c == ':' || c == '@';
      // In "net.ipv4.conf.eth0/1.rp_filter" the slash stands for the dot of the interface's name.
      if (c == '/' && separator == '.')
        c = '.';
      else if (!plain && c != '.')
        return bad("it has a character that no setting has");
    }
    if (part.empty() || part == "." || part == "..") return bad("a part of it is empty, \".\" or \"..\"");
    path += path.empty() ? part : "/" + part;
    if (last) return path;
  }
}

Result<std::string> read_sysctl(const Root& root, std::string_view name) {
  const auto path = TRY(sysctl_path(name));
  return root.line("/proc/sys/" + path);
}

Status write_sysctl(const Root& root, std::string_view name, std::string_view value) {
  const auto path = TRY(sysctl_path(name));
  const bool printable =
      std::none_of(value.begin(), value.end(), [](char c) { return (c < ' ' && c != '\t') || c == '\x7f'; });
  if (!printable || value.size() > 4095)
    return fail("{}: the value is not one line of text of at most 4095 bytes", name);
  return root.write("/proc/sys/" + path, std::string(value) + "\n");
}

bool equal_sysctl(std::string_view a, std::string_view b) {
  const auto trim = [](std::string_view text) { return words_of(text.substr(0, text.find_last_not_of('\n') + 1)); };
  return trim(a) == trim(b);
}

}  // namespace suture::host
