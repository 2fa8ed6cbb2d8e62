// Debian's control format (deb-control(5)): what a .deb says of itself and what apt prints.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace suture::kit {

/// One paragraph: field name to value. A continued value keeps its first line only.
using Stanza = std::map<std::string, std::string, std::less<>>;

/// The paragraphs of `text`; `name` is what errors call it.
Result<std::vector<Stanza>> parse_control(std::string_view text, std::string_view name);

/// The value of a field that must be there.
Result<std::string> field(const Stanza& stanza, std::string_view key, std::string_view name);

}  // namespace suture::kit
