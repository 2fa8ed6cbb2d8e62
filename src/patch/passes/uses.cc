#include "patch/passes/uses.h"

#include <algorithm>
#include <set>

#include "patch/passes/section_names.h"

namespace suture::patch {
namespace {

const std::vector<Use> none;

void add(std::vector<Use>& uses, const Use& use) {
  if (std::find(uses.begin(), uses.end(), use) == uses.end()) uses.push_back(use);
}

}  // namespace

Uses::Uses(const Program& program) : program_(program) {
  find_hosts();
  for (PieceIndex i = 0; i < program.pieces.size(); ++i) {
    const auto& piece = program.pieces[i];
    if (only_describes(program.section(piece).name)) continue;
    for (const auto& reference : piece.references) note(i, reference, false);
    for (const auto& entry : piece.entries) {
      for (const auto& reference : entry.references) note(i, reference, true);
    }
  }
}

const std::vector<Use>& Uses::of(PieceIndex function) const {
  const auto found = inside_.find(function);
  return found == inside_.end() ? none : found->second;
}

const std::vector<Use>& Uses::of(std::string_view name) const {
  const auto found = outside_.find(name);
  return found == outside_.end() ? none : found->second;
}

void Uses::find_hosts() {
  const auto host = [&](PieceIndex from, const Reference& reference) {
    if (reference.piece == no_piece || program_.pieces[reference.piece].kind != PieceKind::code) return;
    hosts_[reference.piece].push_back(from);
  };
  for (PieceIndex i = 0; i < program_.pieces.size(); ++i) {
    for (const auto& reference : program_.pieces[i].references) host(i, reference);
    for (const auto& entry : program_.pieces[i].entries) {
      for (const auto& reference : entry.references) host(i, reference);
    }
  }
}

// The functions that a piece of code belongs to; the piece itself if there are none, or it is no code.
std::vector<PieceIndex> Uses::hosts_of(PieceIndex piece) const {
  std::set<PieceIndex> seen;
  std::vector<PieceIndex> waiting = {piece};
  std::vector<PieceIndex> functions;
  while (!waiting.empty()) {
    const auto next = waiting.back();
    waiting.pop_back();
    if (!seen.insert(next).second) continue;
    if (program_.pieces[next].kind == PieceKind::function) functions.push_back(whole(program_, next));
    if (program_.pieces[next].kind != PieceKind::code) continue;
    if (const auto hosts = hosts_.find(next); hosts != hosts_.end())
      waiting.insert(waiting.end(), hosts->second.begin(), hosts->second.end());
  }
  return functions.empty() ? std::vector{piece} : functions;
}

void Uses::note(PieceIndex holder, const Reference& reference, bool in_table) {
  const bool defined = reference.piece != no_piece;
  if (defined && program_.pieces[reference.piece].kind != PieceKind::function) return;
  const bool trampoline = program_.section(program_.pieces[holder]).name.starts_with(".static_call.text");
  for (const auto user : hosts_of(holder)) {
    const Use use{.user = user, .call = reference.branch && !in_table && !trampoline};
    if (!defined) {
      add(outside_[program_.object->symbols[reference.external].name], use);
    } else if (const auto function = whole(program_, reference.piece); function != user) {
      add(inside_[function], use);
    }
  }
}

}  // namespace suture::patch
