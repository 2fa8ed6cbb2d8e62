#include "patch/passes/private_data.h"

#include <Zydis/Zydis.h>
#include <algorithm>

#include "patch/instructions.h"
#include "patch/passes/compare.h"
#include "patch/passes/section_names.h"

namespace suture::patch {
namespace {

bool is_static(const Program& program, const Piece& piece) {
  return std::ranges::all_of(piece.symbols, [&](auto symbol) { return program.object->symbols[symbol].is_local(); });
}

// Constant before or after the fix: the running kernel's has never changed, or nobody changes it any more.
bool is_constant_in(std::string_view before, std::string_view after) {
  const auto is_plain = [](std::string_view name) {
    return name.starts_with(".rodata") || (name.starts_with(".data") && !name.starts_with(".data..percpu"));
  };
  return is_plain(before) && is_plain(after) && (before.starts_with(".rodata") || after.starts_with(".rodata"));
}

// Itself, or a constant that it leads to.
bool holds_functions(const Program& program, PieceIndex constant) {
  std::set<PieceIndex> seen = {constant};
  std::vector<PieceIndex> waiting = {constant};
  while (!waiting.empty()) {
    const auto next = waiting.back();
    waiting.pop_back();
    for (const auto& reference : program.pieces[next].references) {
      if (reference.piece == no_piece) return true;  // nothing tells what another file's symbol is
      const auto& target = program.pieces[reference.piece];
      if (target.kind == PieceKind::function) return true;
      if (!program.section(target).is_writable() && seen.insert(reference.piece).second)
        waiting.push_back(reference.piece);
    }
  }
  return false;
}

// What refers to each piece.
struct User {
  PieceIndex piece = no_piece;
  const Reference* reference = nullptr;
  bool in_table = false;
};
using Users = std::map<PieceIndex, std::vector<User>>;

Users find_users(const Program& program) {
  Users users;
  for (PieceIndex i = 0; i < program.pieces.size(); ++i) {
    const auto& piece = program.pieces[i];
    for (const auto& reference : piece.references) {
      if (reference.piece != no_piece && reference.piece != i) users[reference.piece].push_back({i, &reference, false});
    }
    for (const auto& entry : piece.entries) {
      for (const auto& reference : entry.references) {
        if (reference.piece != no_piece && reference.piece != i)
          users[reference.piece].push_back({i, &reference, true});
      }
    }
  }
  return users;
}

class Release {
 public:
  explicit Release(Pair& pair) : pair_(pair) {}

  void run() {
    find_changed();
    if (chosen_.empty()) return;
    in_original_ = find_users(pair_.original);
    in_patched_ = find_users(pair_.patched);
    add_constants_around();
    while (drop_shared() || drop_needless()) {
    }
    for (const auto p : chosen_) {
      const auto o = pair_.correlation.original[p];
      const auto difference = changed_.find(p);
      pair_.copied.emplace(p, difference == changed_.end() ? "refers to a copy" : difference->second);
      pair_.correlation.original[p] = no_piece;
      pair_.correlation.patched[o] = no_piece;
      std::erase(pair_.correlation.ambiguous, p);
    }
  }

 private:
  // Could have a copy, as far as it itself tells.
  bool is_constant(PieceIndex p) const {
    const auto& piece = pair_.patched.pieces[p];
    const auto o = pair_.correlation.original[p];
    if (o == no_piece || piece.kind != PieceKind::variable || piece.is_content()) return false;
    if (is_expendable(base_name(piece.name)) || is_left_aside(pair_, p)) return false;  // written in place, say
    const auto& before = pair_.original.pieces[o];
    return is_constant_in(pair_.original.section(before).name, pair_.patched.section(piece).name) &&
           is_static(pair_.patched, piece) && is_static(pair_.original, before);
  }

  void find_changed() {
    const Comparison comparison(pair_.original, pair_.patched, pair_.correlation);
    for (PieceIndex p = 0; p < pair_.patched.pieces.size(); ++p) {
      if (!is_constant(p)) continue;
      if (auto difference = comparison.difference(pair_.correlation.original[p], p)) {
        changed_.emplace(p, *difference);
        chosen_.insert(p);
      }
    }
  }

  // Constants that refer to a chosen one would have to refer to its copy.
  void add_constants_around() {
    std::vector<PieceIndex> waiting(chosen_.begin(), chosen_.end());
    while (!waiting.empty()) {
      const auto next = waiting.back();
      waiting.pop_back();
      for (const auto& user : in_patched_[next]) {
        if (is_constant(user.piece) && chosen_.insert(user.piece).second) waiting.push_back(user.piece);
      }
    }
  }

  static bool runs(const Program& program, const Piece& piece) {
    const auto& section = program.section(piece).name;
    return (piece.kind == PieceKind::function || piece.kind == PieceKind::code) && !is_init(section) &&
           !is_exit(section);
  }

  // `counterpart`: of the user, in the other program.
  bool may_use(const Program& program, const User& user, bool ops, PieceIndex counterpart, bool is_chosen) const {
    const auto& piece = program.pieces[user.piece];
    if (runs(program, piece)) return !ops || (!user.in_table && !takes_address(program, piece, *user.reference));
    if (is_chosen) return true;
    return counterpart == no_piece && piece.kind != PieceKind::function;  // data that came or went with the fix
  }

  bool is_private(PieceIndex p) {
    const auto o = pair_.correlation.original[p];
    const auto ops = holds_functions(pair_.patched, p) || holds_functions(pair_.original, o);
    const auto& counterpart = pair_.correlation;
    return std::ranges::all_of(in_patched_[p],
                               [&](const User& user) {
                                 return may_use(pair_.patched, user, ops, counterpart.original[user.piece],
                                                chosen_.contains(user.piece));
                               }) &&
           std::ranges::all_of(in_original_[o], [&](const User& user) {
             const auto now = counterpart.patched[user.piece];
             return may_use(pair_.original, user, ops, now, now != no_piece && chosen_.contains(now));
           });
  }

  bool drop_shared() {
    return std::erase_if(chosen_, [&](PieceIndex p) { return !is_private(p); }) != 0;
  }

  // Chosen only for what it refers to, which has been dropped.
  bool drop_needless() {
    return std::erase_if(chosen_, [&](PieceIndex p) {
             return !changed_.contains(p) &&
                    std::ranges::none_of(pair_.patched.pieces[p].references,
                                         [&](const Reference& r) { return chosen_.contains(r.piece); });
           }) != 0;
  }

  Pair& pair_;
  Users in_original_, in_patched_;
  std::map<PieceIndex, std::string> changed_;  // and in what
  std::set<PieceIndex> chosen_;
};

}  // namespace

bool takes_address(const Program& program, const Piece& code, const Reference& reference) {
  if (code.kind != PieceKind::function) return true;
  const auto instructions = decode(program.bytes(code));
  const auto* instruction = find_instruction(instructions, reference.offset);
  return instruction == nullptr || !instruction->displacement.holds(reference.offset) ||
         instruction->mnemonic == ZYDIS_MNEMONIC_LEA;
}

std::vector<std::string> users_of(const Program& program, PieceIndex piece) {
  std::vector<std::string> names;
  for (PieceIndex i = 0; i < program.pieces.size(); ++i) {
    const auto& user = program.pieces[i];
    const auto refers = [&](const Reference& reference) { return reference.piece == piece; };
    if (i == piece || std::ranges::none_of(user.references, refers)) continue;
    const auto& name = program.pieces[whole(program, i)].name;
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  return names;
}

void release_private_data(Pair& pair) { Release(pair).run(); }

}  // namespace suture::patch
