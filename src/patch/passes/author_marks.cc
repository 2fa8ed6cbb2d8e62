#include "patch/passes/author_marks.h"

#include <algorithm>

namespace suture::patch {

AuthorMarks find_author_marks(const Program& patched) {
  AuthorMarks marks;
  for (const auto& piece : patched.pieces) {
    const auto& section = patched.section(piece).name;
    const bool functions = section == ".kpatch.ignore.functions";
    const bool written = section == ".suture.written";
    if (!functions && !written && section != ".kpatch.ignore.sections") continue;
    for (const auto& reference : piece.references) {
      if (reference.piece == no_piece) continue;
      const auto& target = patched.pieces[reference.piece];
      if (written) {
        marks.written.insert(reference.piece);
      } else if (functions) {
        marks.ignored_functions.insert(whole(patched, reference.piece));
      } else if (target.kind == PieceKind::string && reference.target == 0) {
        const auto name = as_text(patched.bytes(target));
        marks.ignored_sections.emplace(name.substr(0, name.find('\0')));
      }
    }
  }
  return marks;
}

bool is_carried_mark(std::string_view section) {
  return (section.starts_with(".suture.") && section != ".suture.written") ||
         section.starts_with(".kpatch.callbacks.") || section.starts_with(".kpatch.hooks.");
}

bool is_mark(std::string_view section) { return section.starts_with(".suture.") || section.starts_with(".kpatch."); }

}  // namespace suture::patch
