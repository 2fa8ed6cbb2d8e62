#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace suture::builder {

/// What a C or assembly file may include, as written with its delimiters: "<linux/mm.h>", "\"a.h\"".
/// Textual: branches that are not compiled count too. A macro defined as a header's name counts as
/// well, since it may stand in an #include (GENL_MAGIC_INCLUDE_FILE).
std::vector<std::string_view> scan_includes(std::string_view text);

/// Whether the file has an #include whose name a macro makes, and which scan_includes() cannot know.
bool includes_by_macro(std::string_view text);

}  // namespace suture::builder
