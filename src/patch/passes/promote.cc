#include "patch/passes/promote.h"

#include <algorithm>

#include "patch/passes/deny_list.h"
#include "patch/passes/section_names.h"
#include "patch/passes/uses.h"

namespace suture::patch {
namespace {

class Promoter {
 public:
  Promoter(const Pair& pair, bool only_this_file, Selection& selection)
      : pair_(pair), only_this_file_(only_this_file), selection_(selection), uses_(pair.original) {}

  std::vector<Refusal> run(const std::set<std::string>& moved) {
    const auto changed = selection_.functions;
    for (const auto& [function, why] : changed) {
      if (why != Why::added) settle(function);
    }
    for (const auto& name : moved) {
      for (const auto& use : uses_.of(name)) close(use, name, nullptr);
    }
    while (!work_.empty()) {
      const auto next = work_.back();
      work_.pop_back();
      const auto& name = pair_.original.pieces[next].name;
      const auto& uses = uses_.of(next);
      for (const auto& use : uses) close(use, name, &next);
      if (const auto function = pair_.correlation.patched[next];
          function != no_piece && uses.empty() && is_static(next))
        refuse(function, "nothing is seen to call it");
    }
    return std::move(refusals_);
  }

 private:
  const Piece& original(PieceIndex patched) const { return pair_.original.pieces[pair_.correlation.original[patched]]; }

  /// What is refused wherever it stands is not looked at any further.
  bool is_out_of_reach(const Piece& function) const {
    const auto& section = pair_.original.section(function).name;
    const bool is_denied = !pair_.in_module() && !denied(pair_.source, function.name).empty();
    return is_init(section) || is_exit(section) || is_noinstr(section) || is_denied;
  }

  /// `function`, a patched one that replaces another, is in the selection.
  void settle(PieceIndex function) {
    const auto& before = original(function);
    if (before.fentry || is_out_of_reach(before) || !selection_.moved.insert(function).second) return;
    const auto replaced = pair_.correlation.original[function];
    if (only_this_file_ && !is_static(replaced)) refuse(function, "it is not static, and other files may call it");
    work_.push_back(replaced);
  }

  bool is_static(PieceIndex original) const {
    const auto& symbols = pair_.original.pieces[original].symbols;
    return std::all_of(symbols.begin(), symbols.end(),
                       [&](elf::SymbolIndex symbol) { return pair_.original.object->symbols[symbol].is_local(); });
  }

  /// Makes a use of `callee`, which has moved, lead to the new code. `own`: where this file defines it.
  void close(const Use& use, const std::string& callee, const PieceIndex* own) {
    const auto& user = pair_.original.pieces[use.user];
    const auto& section = pair_.original.section(user).name;
    const bool is_code = user.kind == PieceKind::function;
    const auto once = is_init(section) ? "init" : "exit";
    if (!use.call || !is_code) {
      obstruct(
          callee, own,
          is_code ? fmt::format("{} takes its address", user.name) : fmt::format("{} holds its address", user.name));
    } else if (is_init(section) || is_exit(section)) {
      if (pair_.in_module()) obstruct(callee, own, fmt::format("{}, {} code of the module, calls it", user.name, once));
    } else if (const auto caller = pair_.correlation.patched[use.user]; caller == no_piece) {
      if (selection_.vanished.insert(use.user).second) work_.push_back(use.user);
    } else if (!selection_.functions.contains(caller)) {
      carry(pair_, selection_, caller, Why::promoted);
      selection_.through[caller] = callee;
      settle(caller);
    }
  }

  void obstruct(const std::string& callee, const PieceIndex* own, std::string how) {
    const auto function = own == nullptr ? no_piece : pair_.correlation.patched[*own];
    if (function != no_piece) {
      refuse(function, how);
    } else {
      add(callee, fmt::format("the live patch has new code for {}, but nothing can redirect the old code (it does not "
                              "begin with a call to __fentry__), and not every way into it can be closed: {}",
                              callee, how));
    }
  }

  void refuse(PieceIndex function, std::string_view how) {
    const auto& name = original(function).name;
    const auto through = selection_.through.find(function);
    const auto difference = selection_.differences.find(function);
    const auto why = through != selection_.through.end()          ? fmt::format("calls {}", through->second)
                     : difference != selection_.differences.end() ? fmt::format("changed ({})", difference->second)
                                                                  : "changed";
    add(name, fmt::format("the function {}, but it does not begin with a call to __fentry__, so that nothing can "
                          "redirect it (declared inline or notrace, or compiled without tracing), and replacing its "
                          "callers is not enough: {}",
                          why, how));
  }

  void add(std::string_view what, std::string reason) {
    Refusal refusal{"no-fentry", fmt::format("{}: {}", pair_.source, what), std::move(reason),
                    "give the fixed code a new name and call that from functions that can be traced"};
    if (std::find(refusals_.begin(), refusals_.end(), refusal) == refusals_.end())
      refusals_.push_back(std::move(refusal));
  }

  const Pair& pair_;
  const bool only_this_file_;
  Selection& selection_;
  const Uses uses_;
  std::vector<PieceIndex> work_;  // original functions whose callers are to be replaced
  std::vector<Refusal> refusals_;
};

}  // namespace

std::vector<Refusal> promote(const Pair& pair, const std::set<std::string>& moved, bool only_this_file,
                             Selection& selection) {
  return Promoter(pair, only_this_file, selection).run(moved);
}

}  // namespace suture::patch
