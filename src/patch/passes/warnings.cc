#include <algorithm>
#include <map>
#include <set>

#include "patch/module_entry.h"
#include "patch/passes/lock_changes.h"
#include "patch/passes/private_data.h"
#include "patch/passes/section_names.h"
#include "patch/passes/uses.h"
#include "patch/passes/verify.h"

namespace suture::patch {
namespace {

// include/linux/export.h: `__ksymtab_NAME`, `__export_symbol_NAME` since 6.4.
std::set<std::string_view> exports(const Program& program) {
  std::set<std::string_view> found;
  for (const auto& symbol : program.object->symbols) {
    for (const std::string_view prefix : {"__ksymtab_", "__export_symbol_"}) {
      if (symbol.is_defined() && symbol.name.starts_with(prefix) && symbol.name != "__ksymtab_strings")
        found.insert(std::string_view(symbol.name).substr(prefix.size()));
    }
  }
  return found;
}

// What to think of when a constant comes along as a copy.
std::string copied_data(const Pair& pair, PieceIndex constant, const std::string& difference) {
  std::string handed_out;
  for (const auto& piece : pair.patched.pieces) {
    for (const auto& reference : piece.references) {
      if (reference.piece == constant && takes_address(pair.patched, piece, reference)) handed_out = piece.name;
    }
  }
  auto text = fmt::format(
      "its value changed ({}): the live patch has its own, and replaces every function that reads it", difference);
  if (!handed_out.empty())
    text += fmt::format(
        "; {} hands out its address: whoever keeps it has the old values before, and nothing after unloading",
        handed_out);
  return text;
}

// Original functions that have no counterpart, with who takes the address of each: what keeps it goes on
// calling the old code, which nothing replaces.
std::map<PieceIndex, PieceIndex> kept_by_address(const Pair& pair) {
  std::map<PieceIndex, PieceIndex> kept;
  const Uses uses(pair.original);
  for (PieceIndex i = 0; i < pair.original.pieces.size(); ++i) {
    const auto& piece = pair.original.pieces[i];
    const auto& section = pair.original.section(piece).name;
    if (piece.kind != PieceKind::function || piece.parent != no_piece || is_init(section) || is_exit(section)) continue;
    if (pair.correlation.patched[i] != no_piece) continue;
    for (const auto& use : uses.of(i)) {
      if (!use.call && !is_init(pair.original.section(pair.original.pieces[use.user]).name)) kept.emplace(i, use.user);
    }
  }
  return kept;
}

// include/linux/kthread.h: what only a kernel thread's own loop asks, or what runs as long as it.
bool asks_whether_to_stop(const Program& program, PieceIndex function) {
  for (PieceIndex i = 0; i < program.pieces.size(); ++i) {
    if (whole(program, i) != function) continue;
    for (const auto& reference : program.pieces[i].references) {
      if (!reference.branch || reference.piece != no_piece) continue;
      const auto& callee = program.object->symbols[reference.external].name;
      if (callee == "kthread_should_stop" || callee == "kthread_freezable_should_stop") return true;
    }
  }
  return false;
}

bool is_run_at_load(const Program& program, const Piece& function) {
  return std::ranges::any_of(function.symbols,
                             [&](elf::SymbolIndex i) { return program.object->symbols[i].name == init_alias; });
}

}  // namespace

std::vector<Warning> find_warnings(const Pair& pair, const Selection& selection) {
  std::vector<Warning> warnings;
  const auto warn = [&](std::string code, std::string_view what, std::string reason) {
    warnings.push_back({std::move(code), fmt::format("{}: {}", pair.source, what), std::move(reason)});
  };
  const auto& pieces = pair.patched.pieces;
  for (const auto& [function, why] : selection.functions) {
    if (why == Why::added) continue;
    const auto original = pair.correlation.original[function];
    if (!pair.original.pieces[original].returns) {
      warn("never-returns", pieces[function].name,
           "the running function never returns: a task that is in it keeps the transition from ending");
    } else if (asks_whether_to_stop(pair.original, original)) {
      warn(
          "never-returns", pieces[function].name,
          "asks whether its thread shall stop: if it is the thread's main loop, that is in it until it ends, and keeps "
          "the transition from ending");
    }
    if (is_run_at_load(pair.patched, pieces[function])) {
      warn("has-run", pieces[function].name,
           "the function is run when its module is loaded: where that is loaded already, it has run, and the fix comes "
           "into effect the next time");
    }
    for (const auto& change : lock_changes(pair, original, function))
      warn("lock-change", pieces[function].name,
           change + ": while the transition runs, old and new code take locks side by side");
  }
  for (PieceIndex i = 0; i < pieces.size(); ++i) {
    const auto& section = pair.patched.section(pieces[i]).name;
    if (selection.included[i] && section.starts_with(".kpatch.")) {
      warn("kpatch-macros", section,
           "kpatch's macro put this there: it is carried, but whoever links the live patch has to call it");
    }
    if (!selection.included[i] || is_mark(section)) continue;
    for (const auto& reference : pieces[i].references) {
      if (reference.piece == no_piece || reference.branch || pieces[reference.piece].kind != PieceKind::function)
        continue;
      const auto target = selection.functions.find(reference.piece);
      if (target == selection.functions.end()) continue;
      if (target->second != Why::added && !selection.moved.contains(reference.piece)) continue;
      warn("escaping-pointer", pieces[whole(pair.patched, i)].name,
           fmt::format("takes the address of the new function {}: if a timer, work item, RCU callback or table keeps "
                       "it, unloading the live patch leaves it dangling",
                       pieces[reference.piece].name));
    }
  }
  for (const auto& [constant, difference] : pair.copied) {
    if (selection.included[constant])
      warn("data-copied", pieces[constant].name, copied_data(pair, constant, difference));
  }
  for (const auto& [function, user] : kept_by_address(pair)) {
    warn("old-code-kept", pair.original.pieces[function].name,
         fmt::format("the fix leaves no such function (it is removed, or inlined wherever it was called), so nothing "
                     "replaces it; but {} gave its address away, and what keeps that runs the old code",
                     pair.original.pieces[user].name));
  }
  const auto known = exports(pair.original);
  for (const auto& name : exports(pair.patched)) {
    if (known.contains(name)) continue;
    warn("export", name,
         "the fix exports it, but only the live patch itself can use what it adds: modules cannot link to it");
  }
  for (const auto& [piece, difference] : selection.ignored) {
    if (!pair.accepted.contains(piece)) continue;
    warn("unfixed", pieces[piece].name,
         fmt::format("it changed ({}), and stays as it is until the next boot or module load of a fixed kernel",
                     difference));
  }
  for (const auto& [function, difference] : selection.ignored) {
    if (pair.accepted.contains(function)) continue;
    if (pair.marks.written.contains(function)) {
      warn("data-written", pieces[function].name,
           fmt::format("its initial value changed ({}): the fix's callbacks write the new one into the running kernel, "
                       "and put the old one back",
                       difference));
      continue;
    }
    warn("ignored-change", pieces[function].name,
         fmt::format("it changed ({}), and the fix says to leave that aside", difference));
  }
  return warnings;
}

}  // namespace suture::patch
