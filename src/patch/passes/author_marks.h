// What a fix says about itself in sections of its own: callbacks to carry, and differences to leave
// aside. `.suture.*` is ours (docs/authors-guide.md); `.kpatch.*` is what kpatch's macros write
// (kmod/patch/kpatch-macros.h), which fixes that exist already use.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "patch/passes/program.h"

namespace suture::patch {

struct AuthorMarks {
  std::set<PieceIndex> ignored_functions;               ///< KPATCH_IGNORE_FUNCTION
  std::set<std::string, std::less<>> ignored_sections;  ///< KPATCH_IGNORE_SECTION
  std::set<PieceIndex> written;                         ///< SUTURE_WRITTEN: variables whose values callbacks write
};

AuthorMarks find_author_marks(const Program& patched);

/// Sections whose variables are carried though nothing refers to them: callbacks and hooks.
bool is_carried_mark(std::string_view section);
/// Any section that only speaks about the fix.
bool is_mark(std::string_view section);

}  // namespace suture::patch
