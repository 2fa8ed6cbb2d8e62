#include "patch/passes/accept.h"

#include "patch/passes/section_names.h"

namespace suture::patch {

std::set<PieceIndex> find_accepted(const Program& patched, const std::set<std::string>& codes) {
  std::set<PieceIndex> accepted;
  for (PieceIndex i = 0; i < patched.pieces.size(); ++i) {
    const auto& piece = patched.pieces[i];
    const auto& section = patched.section(piece).name;
    const bool is_function = piece.kind == PieceKind::function;
    const bool init_code = is_function && is_init(section) && codes.contains("init-code");
    const bool exit_code = is_function && is_exit(section) && codes.contains("exit-code");
    const bool init_data = !is_function && is_init(section) && codes.contains("init-data");
    if (init_code || exit_code || init_data) accepted.insert(whole(patched, i));
  }
  return accepted;
}

}  // namespace suture::patch
