#include "builder/promotion/reach.h"

#include <map>
#include <set>
#include <string>

namespace suture::builder {
namespace {

// A section of a unit's delta: one function's, or what such a function refers to.
struct Node {
  const patch::Delta* delta = nullptr;
  elf::SectionIndex section = 0;
  auto operator<=>(const Node&) const = default;
};

class Reach {
 public:
  explicit Reach(const std::vector<Unit>& units) {
    for (const auto& unit : units) {
      for (const auto& symbol : unit.delta.object.symbols) {
        if (symbol.is_defined() && !symbol.is_local()) by_name_[symbol.name].push_back({&unit.delta, symbol.section});
      }
    }
    for (const auto& unit : units) {
      for (const auto& function : unit.delta.functions) {
        if (function.why != patch::Why::added && !function.moved) visit(section_of(unit.delta, function));
      }
      // What replaces instructions is listed apart from the function that it becomes a part of.
      for (elf::SectionIndex i = 1; i < unit.delta.object.sections.size(); ++i) {
        if (unit.delta.object.sections[i].name.starts_with(".altinstr_")) visit({&unit.delta, i});
      }
    }
    while (!work_.empty()) {
      const auto next = work_.back();
      work_.pop_back();
      follow(next);
    }
  }

  static Node section_of(const patch::Delta& delta, const patch::DeltaFunction& function) {
    return {&delta, delta.object.symbols[function.symbol].section};
  }
  bool reaches(const Node& node) const { return reached_.contains(node); }

 private:
  void visit(const Node& node) {
    if (reached_.insert(node).second) work_.push_back(node);
  }

  void follow(const Node& node) {
    for (const auto& relocation : node.delta->object.sections[node.section].relocations) {
      const auto& symbol = node.delta->object.symbols[relocation.symbol];
      if (symbol.is_defined()) {
        visit({node.delta, symbol.section});
      } else if (const auto found = by_name_.find(symbol.name); found != by_name_.end()) {
        for (const auto& other : found->second) visit(other);
      }
    }
  }

  std::map<std::string, std::vector<Node>> by_name_;
  std::set<Node> reached_;
  std::vector<Node> work_;
};

}  // namespace

std::vector<patch::Refusal> refuse_unreached(const std::vector<Unit>& units) {
  const Reach reach(units);
  std::vector<patch::Refusal> refusals;
  for (const auto& unit : units) {
    for (const auto& function : unit.delta.functions) {
      if (!function.moved || function.why != patch::Why::changed) continue;
      if (reach.reaches(Reach::section_of(unit.delta, function))) continue;
      refusals.push_back(
          {"no-fentry", fmt::format("{}: {}", unit.delta.source, function.name),
           "the function changed, but it does not begin with a call to __fentry__, so that nothing can redirect it, "
           "and no function that can be redirected leads to it: nothing calls it, or only code that has run already, "
           "or functions that call one another",
           "leave this function out of the live patch: fixing it takes a reboot"});
    }
  }
  return refusals;
}

}  // namespace suture::builder
