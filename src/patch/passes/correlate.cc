#include "patch/passes/correlate.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

namespace suture::patch {
namespace {

using Group = std::vector<PieceIndex>;

struct Groups {
  Group original;
  Group patched;
};

bool is_static_local(const Program& program, const Piece& piece) {
  return piece.kind == PieceKind::variable && !piece.is_content() && program.object->symbols[piece.symbol].is_local() &&
         base_name(piece.name) != piece.name;
}

// The function a piece of code belongs to: the parent of a `.cold` part.
PieceIndex context_of(const Program& program, PieceIndex index) {
  const auto parent = program.pieces[index].parent;
  return parent == no_piece ? index : parent;
}

// The FILE symbol before each symbol, by name.
std::vector<std::string> files_of_symbols(const elf::Object& object) {
  std::vector<std::string> files(object.symbols.size());
  for (std::size_t i = 1; i < files.size(); ++i) {
    const auto& symbol = object.symbols[i];
    files[i] = symbol.type == STT_FILE ? symbol.name : symbol.is_local() ? files[i - 1] : std::string();
  }
  return files;
}

template <typename Visit>
void for_each_reference(const Piece& piece, const Visit& visit) {
  for (const auto& reference : piece.references) visit(reference);
  for (const auto& entry : piece.entries) {
    for (const auto& reference : entry.references) visit(reference);
  }
}

class Correlator {
 public:
  Correlator(const Program& original, const Program& patched) : original_(original), patched_(patched) {
    result_.original.assign(patched.pieces.size(), no_piece);
    result_.patched.assign(original.pieces.size(), no_piece);
  }

  Correlation run() {
    pair_by_name();
    pair_by_name_and_file();
    pair_functions_by_base();
    // Once static locals are paired, those that they point to can be.
    do {
      vote();
    } while (settle());
    settle_leftovers();
    find_ambiguous();
    return std::move(result_);
  }

 private:
  void pair_by_name() {
    std::map<std::pair<PieceKind, std::string_view>, Groups> named;
    const auto collect = [&](const Program& program, Group Groups::*side) {
      for (PieceIndex i = 0; i < program.pieces.size(); ++i) {
        const auto& piece = program.pieces[i];
        if (piece.is_content() || is_static_local(program, piece)) continue;
        (named[{piece.kind, piece.name}].*side).push_back(i);
      }
    };
    collect(original_, &Groups::original);
    collect(patched_, &Groups::patched);
    for (const auto& [name, groups] : named) {
      if (groups.original.size() == 1 && groups.patched.size() == 1)
        result_.pair(groups.original[0], groups.patched[0]);
    }
  }

  // Objects linked from several files may have local symbols of one name: the linker keeps each
  // file's behind its name.
  void pair_by_name_and_file() {
    std::map<std::tuple<PieceKind, std::string_view, std::string>, Groups> named;
    const auto collect = [&](const Program& program, const std::vector<PieceIndex>& paired, Group Groups::*side) {
      const auto files = files_of_symbols(*program.object);
      for (PieceIndex i = 0; i < program.pieces.size(); ++i) {
        const auto& piece = program.pieces[i];
        if (paired[i] != no_piece || piece.is_content() || is_static_local(program, piece)) continue;
        (named[{piece.kind, piece.name, files[piece.symbol]}].*side).push_back(i);
      }
    };
    collect(original_, result_.patched, &Groups::original);
    collect(patched_, result_.original, &Groups::patched);
    for (const auto& [name, groups] : named) {
      if (groups.original.size() == 1 && groups.patched.size() == 1)
        result_.pair(groups.original[0], groups.patched[0]);
    }
  }

  // foo.constprop.0 became foo.constprop.1: the same specialisation, numbered anew.
  void pair_functions_by_base() {
    std::map<std::string, Groups> bases;
    for (PieceIndex i = 0; i < original_.pieces.size(); ++i) {
      if (original_.pieces[i].kind == PieceKind::function && result_.patched[i] == no_piece)
        bases[base_name(original_.pieces[i].name)].original.push_back(i);
    }
    for (PieceIndex i = 0; i < patched_.pieces.size(); ++i) {
      if (patched_.pieces[i].kind == PieceKind::function && result_.original[i] == no_piece)
        bases[base_name(patched_.pieces[i].name)].patched.push_back(i);
    }
    for (const auto& [base, groups] : bases) {
      if (groups.original.size() == 1 && groups.patched.size() == 1)
        result_.pair(groups.original[0], groups.patched[0]);
    }
  }

  // Static locals in the order in which a function (with its cold part) first refers to them.
  static std::map<PieceIndex, std::map<std::string, Group>> static_locals_by_context(const Program& program) {
    std::map<PieceIndex, std::map<std::string, Group>> contexts;
    for (PieceIndex i = 0; i < program.pieces.size(); ++i) {
      for_each_reference(program.pieces[i], [&](const Reference& reference) {
        if (reference.piece == no_piece || !is_static_local(program, program.pieces[reference.piece])) return;
        auto& group = contexts[context_of(program, i)][base_name(program.pieces[reference.piece].name)];
        if (std::find(group.begin(), group.end(), reference.piece) == group.end()) group.push_back(reference.piece);
      });
    }
    return contexts;
  }

  bool look_alike(PieceIndex o, PieceIndex p) const {
    const auto& a = original_.pieces[o];
    const auto& b = patched_.pieces[p];
    const auto writable = [](const Program& program, const Piece& piece) {
      return program.section(piece).is_writable();
    };
    return a.size == b.size && writable(original_, a) == writable(patched_, b) &&
           std::ranges::equal(original_.bytes(a), patched_.bytes(b));
  }

  void vote() {
    votes_.clear();
    unsure_.clear();
    const auto in_original = static_locals_by_context(original_);
    const auto in_patched = static_locals_by_context(patched_);
    for (const auto& [context, bases] : in_patched) {
      const auto counterpart = result_.original[context];
      const auto known = counterpart == no_piece ? in_original.end() : in_original.find(counterpart);
      for (const auto& [base, group] : bases) {
        for (const auto p : group) seen_in_[p].insert(context);
        if (known == in_original.end()) continue;
        const auto same_base = known->second.find(base);
        if (same_base != known->second.end()) align(same_base->second, group);
      }
    }
    for (const auto& [context, bases] : in_original) {
      for (const auto& [base, group] : bases) {
        for (const auto o : group) original_seen_in_[o].insert(context);
      }
    }
  }

  // Longest run of look-alikes in order; equal counts pair straight through even where a size changed.
  void align(const Group& original, const Group& patched) {
    if (original.size() == patched.size()) {
      for (std::size_t i = 0; i < original.size(); ++i) ++votes_[{original[i], patched[i]}];
      return;
    }
    const auto n = original.size();
    const auto m = patched.size();
    std::vector<std::vector<std::size_t>> best(n + 1, std::vector<std::size_t>(m + 1, 0));
    for (std::size_t i = n; i-- > 0;) {
      for (std::size_t j = m; j-- > 0;) {
        best[i][j] =
            look_alike(original[i], patched[j]) ? best[i + 1][j + 1] + 1 : std::max(best[i + 1][j], best[i][j + 1]);
      }
    }
    for (std::size_t i = 0, j = 0; i < n && j < m;) {
      if (look_alike(original[i], patched[j])) {
        ++votes_[{original[i++], patched[j++]}];
        // One was added or taken away among several alike: which one, nothing tells.
        unsure_.insert(patched[j - 1]);
      } else if (best[i + 1][j] >= best[i][j + 1]) {
        ++i;
      } else {
        ++j;
      }
    }
  }

  /// Whether that gave new pairs.
  bool settle() {
    bool has_grown = false;
    std::map<PieceIndex, std::set<PieceIndex>> candidates;  // patched -> originals voted for
    std::map<PieceIndex, std::set<PieceIndex>> rivals;      // original -> patched voted for
    for (const auto& [pair, count] : votes_) {
      candidates[pair.second].insert(pair.first);
      rivals[pair.first].insert(pair.second);
    }
    for (const auto& [p, originals] : candidates) {
      const auto o = *originals.begin();
      if (originals.size() == 1 && rivals[o].size() == 1) {
        has_grown = has_grown || result_.original[p] != o;
        result_.pair(o, p);
      } else {
        unsure_.insert(p);
      }
    }
    return has_grown;
  }

  void find_ambiguous() {
    for (const auto p : unsure_) {
      const auto base = base_name(patched_.pieces[p].name);
      if (!is_expendable(base) && contested(p)) result_.ambiguous.push_back(p);
    }
  }

  // Without a vote, a static local is an old one only if nothing says otherwise: the single one of
  // its base name on both sides, and its functions do not exist on both sides (it was inlined
  // elsewhere, or its function was split).
  void settle_leftovers() {
    std::map<std::string, Groups> left;
    for (PieceIndex i = 0; i < original_.pieces.size(); ++i) {
      if (is_static_local(original_, original_.pieces[i]) && result_.patched[i] == no_piece)
        left[base_name(original_.pieces[i].name)].original.push_back(i);
    }
    for (PieceIndex i = 0; i < patched_.pieces.size(); ++i) {
      if (is_static_local(patched_, patched_.pieces[i]) && result_.original[i] == no_piece)
        left[base_name(patched_.pieces[i].name)].patched.push_back(i);
    }
    for (const auto& [base, groups] : left) {
      for (const auto p : groups.patched) {
        Group fitting;
        for (const auto o : groups.original) {
          if (look_alike(o, p) && !both_known_elsewhere(o, p)) fitting.push_back(o);
        }
        if (fitting.empty()) continue;
        const bool only_one = fitting.size() == 1 && groups.patched.size() == 1;
        if (only_one) {
          result_.pair(fitting[0], p);
        } else {
          unsure_.insert(p);
        }
      }
    }
  }

  // Every function around it has a counterpart, which refers to no such variable: then it is new.
  bool both_known_elsewhere(PieceIndex o, PieceIndex p) const {
    const auto contexts = seen_in_.find(p);
    const auto original_contexts = original_seen_in_.find(o);
    if (contexts == seen_in_.end() || original_contexts == original_seen_in_.end()) return false;
    return std::all_of(contexts->second.begin(), contexts->second.end(),
                       [&](PieceIndex c) { return result_.original[c] != no_piece; }) &&
           std::all_of(original_contexts->second.begin(), original_contexts->second.end(),
                       [&](PieceIndex c) { return result_.patched[c] != no_piece; });
  }

  // Whether taking the wrong one would matter: it can be written, and there is another like it.
  bool contested(PieceIndex p) const {
    if (!patched_.section(patched_.pieces[p]).is_writable()) return false;
    const auto base = base_name(patched_.pieces[p].name);
    std::size_t alike = 0;
    for (PieceIndex o = 0; o < original_.pieces.size(); ++o) {
      if (is_static_local(original_, original_.pieces[o]) && base_name(original_.pieces[o].name) == base &&
          look_alike(o, p))
        ++alike;
    }
    return alike > 1 || result_.original[p] == no_piece;
  }

  const Program& original_;
  const Program& patched_;
  Correlation result_;
  std::map<std::pair<PieceIndex, PieceIndex>, int> votes_;
  std::map<PieceIndex, std::set<PieceIndex>> seen_in_;           // patched variable -> patched contexts
  std::map<PieceIndex, std::set<PieceIndex>> original_seen_in_;  // original variable -> original contexts
  std::set<PieceIndex> unsure_;
};

}  // namespace

bool is_expendable(std::string_view base) {
  constexpr std::array<std::string_view, 9> names{"__key",        "__warned",    "__already_done",
                                                  "__print_once", "_rs",         "__UNIQUE_ID_ddebug",
                                                  "descriptor",   "___once_key", "__msg"};
  return std::find(names.begin(), names.end(), local_name(base)) != names.end();
}

Correlation correlate(const Program& original, const Program& patched) { return Correlator(original, patched).run(); }

}  // namespace suture::patch
