#include "patch/passes/select.h"

namespace suture::patch {
namespace {

class Closure {
 public:
  Closure(const Pair& pair, Selection& selection, Why why) : pair_(pair), selection_(selection), why_(why) {}

  void run(PieceIndex piece) {
    include(piece);
    while (!work_.empty()) {
      const auto next = work_.back();
      work_.pop_back();
      follow(next);
    }
  }

 private:
  void include(PieceIndex index) {
    if (selection_.included[index]) return;
    selection_.included[index] = true;
    work_.push_back(index);
    const auto& pieces = pair_.patched.pieces;
    if (pieces[index].kind != PieceKind::function || pieces[index].parent != no_piece) return;
    selection_.functions[index] = pair_.correlation.original[index] == no_piece ? Why::added : why_;
    for (PieceIndex part = 0; part < pieces.size(); ++part) {
      if (pieces[part].parent == index) include(part);
    }
  }

  void follow(PieceIndex index) {
    const auto& piece = pair_.patched.pieces[index];
    for (const auto& reference : piece.references) need(reference);
    for (const auto& entry : piece.entries) {
      if (!is_carried(pair_, entry)) continue;
      for (const auto& reference : entry.references) need(reference);
    }
  }

  void need(const Reference& reference) {
    if (reference.piece == no_piece) return;
    const auto& target = pair_.patched.pieces[reference.piece];
    if (target.is_content() || pair_.correlation.original[reference.piece] == no_piece)
      include(whole(pair_.patched, reference.piece));
  }

  const Pair& pair_;
  Selection& selection_;
  const Why why_;
  std::vector<PieceIndex> work_;
};

class Selector {
 public:
  Selector(const Pair& pair, const Comparison& comparison, const KnownChanges* known)
      : pair_(pair), comparison_(comparison), known_(known) {
    selection_.included.assign(pair.patched.pieces.size(), false);
  }

  Selection run() {
    const auto& pieces = pair_.patched.pieces;
    for (PieceIndex i = 0; i < pieces.size(); ++i) {
      if (pieces[i].kind == PieceKind::function) consider_function(i);
      if (pieces[i].kind == PieceKind::variable) consider_variable(i);
    }
    return std::move(selection_);
  }

 private:
  void consider_function(PieceIndex index) {
    const auto& piece = pair_.patched.pieces[index];
    const auto original = pair_.correlation.original[index];
    if (original == no_piece) {
      // A new static function comes along when something needs it; a global one may be needed by
      // another file of the fix.
      if (!pair_.patched.object->symbols[piece.symbol].is_local() && piece.parent == no_piece) include(index);
      return;
    }
    if (auto difference = difference_of(original, index)) {
      const auto function = whole(pair_.patched, index);
      if (is_left_aside(pair_, function)) {
        selection_.ignored.try_emplace(function, *difference);
        return;
      }
      selection_.differences.try_emplace(function,
                                         piece.parent == no_piece ? *difference : piece.name + " " + *difference);
      include(function);
    }
  }

  std::optional<std::string> difference_of(PieceIndex original, PieceIndex patched) const {
    if (known_ == nullptr) return comparison_.difference(original, patched);
    const auto function = whole(pair_.original, original);
    const auto known = known_->differences.find(function);
    if (known != known_->differences.end()) return known->second;
    if (known_->gone.contains(function)) return "is not in the build that was compared";
    return std::nullopt;
  }

  void consider_variable(PieceIndex index) {
    const auto& piece = pair_.patched.pieces[index];
    const auto& section = pair_.patched.section(piece);
    if (is_carried_mark(section.name)) include(index);
    if (const auto original = pair_.correlation.original[index]; original != no_piece && is_left_aside(pair_, index)) {
      if (auto difference = comparison_.difference(original, index)) selection_.ignored.emplace(index, *difference);
    }
    const bool plain =
        section.name.starts_with(".data") || section.name.starts_with(".bss") || section.name.starts_with(".rodata");
    const bool is_new_global = plain && pair_.correlation.original[index] == no_piece &&
                               !pair_.patched.object->symbols[piece.symbol].is_local();
    if (is_new_global) include(index);
  }

  void include(PieceIndex index) { carry(pair_, selection_, index, Why::changed); }

  const Pair& pair_;
  const Comparison& comparison_;
  const KnownChanges* known_;
  Selection selection_;
};

}  // namespace

bool is_left_aside(const Pair& pair, PieceIndex patched) {
  return pair.accepted.contains(patched) || pair.marks.written.contains(patched) ||
         pair.marks.ignored_functions.contains(patched) ||
         pair.marks.ignored_sections.contains(pair.patched.section(pair.patched.pieces[patched]).name);
}

Leads where(const Pair& pair, const Selection& selection, PieceIndex from, const Reference& reference, bool in_table) {
  if (reference.piece == no_piece) return Leads::outside;
  if (!selection.included[reference.piece]) return Leads::original;
  const auto& target = pair.patched.pieces[reference.piece];
  const auto changed = selection.functions.find(reference.piece);
  if (changed == selection.functions.end() || changed->second == Why::added || reference.branch) return Leads::inside;
  if (selection.moved.contains(reference.piece)) return Leads::inside;
  const bool at_entry = reference.target == static_cast<std::int64_t>(pair.patched.entry_offset(target));
  const bool own = whole(pair.patched, from) == reference.piece;
  return at_entry && !(own && in_table) ? Leads::original : Leads::inside;
}

bool is_carried(const Pair& pair, const TableEntry& entry) {
  return !pair.in_module() || pair.patched.object->sections[entry.section].name != ".static_call_sites";
}

void carry(const Pair& pair, Selection& selection, PieceIndex piece, Why why) {
  Closure(pair, selection, why).run(piece);
}

Selection select(const Pair& pair, const Comparison& comparison) { return Selector(pair, comparison, nullptr).run(); }

KnownChanges known_changes(const Pair& pair, const Selection& selection) {
  KnownChanges known;
  for (const auto* differences : {&selection.differences, &selection.ignored}) {
    for (const auto& [function, difference] : *differences) {
      if (pair.patched.pieces[function].kind == PieceKind::function)
        known.differences.emplace(pair.correlation.original[function], difference);
    }
  }
  for (PieceIndex i = 0; i < pair.original.pieces.size(); ++i) {
    const auto& piece = pair.original.pieces[i];
    if (piece.kind == PieceKind::function && piece.parent == no_piece && pair.correlation.patched[i] == no_piece)
      known.gone.insert(i);
  }
  return known;
}

Selection select_again(const Pair& pair, const Comparison& comparison, const KnownChanges& known) {
  return Selector(pair, comparison, &known).run();
}

}  // namespace suture::patch
