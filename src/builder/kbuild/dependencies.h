#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace suture::builder {

/// The prerequisites in a rule that the compiler's -MMD wrote, in order, as spelled. `name` is what
/// errors call the file.
Result<std::vector<std::string>> parse_dependencies(std::string_view text, std::string_view name);

}  // namespace suture::builder
