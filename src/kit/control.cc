#include "kit/control.h"

#include "kit/lines.h"

namespace suture::kit {

Result<std::vector<Stanza>> parse_control(std::string_view text, std::string_view name) {
  std::vector<Stanza> stanzas;
  bool between = true;
  TRY(for_each_line(text, [&](std::string_view line, std::size_t number) -> Status {
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) {
      between = true;
      return {};
    }
    const bool continues = line.front() == ' ' || line.front() == '\t';
    if (continues && !between) return {};
    const auto colon = line.find(':');
    if (continues || colon == std::string_view::npos || colon == 0)
      return fail("{}: line {} is not of the form 'Field: value'", name, number);
    if (std::exchange(between, false)) stanzas.emplace_back();
    auto value = line.substr(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
    stanzas.back().insert_or_assign(std::string(line.substr(0, colon)), std::string(value));
    return {};
  }));
  return stanzas;
}

Result<std::string> field(const Stanza& stanza, std::string_view key, std::string_view name) {
  const auto found = stanza.find(key);
  if (found == stanza.end()) return fail("{}: has no field {}", name, key);
  return found->second;
}

}  // namespace suture::kit
