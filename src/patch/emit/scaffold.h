// C sources that become a part of live patches, held in the program.
#pragma once

#include <array>
#include <string_view>

namespace suture::patch {

struct SourceFile {
  std::string_view name;
  std::string_view text;
};

/// What all live patches share: one C file, first, and the header that it includes from beside it.
/// Compiled once for a kernel, as a source of an external module.
std::array<SourceFile, 2> scaffold_sources();

/// What fixes may include as <suture.h>. It needs the kernel's headers only.
SourceFile author_header();

}  // namespace suture::patch
