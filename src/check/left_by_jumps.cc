// Before livepatch lets the code of a live patch go, it looks for the replacing functions on the stacks
// of tasks (klp_check_stack_func(), kernel/livepatch/transition.c). Code that a function has jumped to,
// its cold part or what it calls last, is on the stack in its stead. So that must lie where the kernel
// takes a replacing function to reach.
#include <set>
#include <vector>

#include "check/checks.h"

namespace suture::check {
namespace {

class LeftByJumps {
 public:
  LeftByJumps(const Context& context, const PatchTables& patch) : context_(context) {
    for (const auto& object : patch.objects) {
      for (const auto& function : object.functions) {
        if (!function.replacement) continue;
        const auto& place = *function.replacement;
        known_.push_back({place, module().reach(place)});
        visit(place);
      }
    }
  }

  void run() {
    while (!open_.empty()) {
      const Symbol& function = *open_.back();
      open_.pop_back();
      const Place begin{function.section, function.value};
      for (const auto& each : context_.code.in(begin, function.size)) {
        if (each.kind != Kind::jump && each.kind != Kind::conditional_jump) continue;
        if (const auto target = target_of(function.section, each)) follow({function.section, each.offset}, *target);
      }
    }
    context_.examined("jumps between functions", count_);
  }

 private:
  struct Range {
    Place begin;
    std::uint64_t size = 0;
    bool holds(Place place) const {
      return place.section == begin.section && place.offset >= begin.offset && place.offset - begin.offset < size;
    }
  };

  const ModuleFile& module() const { return context_.module; }

  void visit(Place place) {
    const Symbol* function = module().function_covering(place);
    if (function != nullptr && seen_.insert(function).second) open_.push_back(function);
  }

  std::optional<Place> target_of(std::uint32_t section, const Instruction& jump) const {
    if (const auto* relocation = context_.code.branch_relocation(section, jump))
      return context_.code.target(section, *relocation);
    return jump.branch ? std::optional(Place{section, *jump.branch}) : std::nullopt;
  }

  void follow(Place from, Place to) {
    const Symbol* function = module().function_covering(to);
    if (function == module().function_covering(from)) return;
    // Slow paths of static_cpu_has() (arch/x86/include/asm/cpufeature.h): a test and jumps back, nothing to sleep in.
    if (function == nullptr && module().section(to.section).name == ".altinstr_aux") return;
    ++count_;
    for (const auto& range : known_)
      if (range.holds(to)) return visit(to);
    context_.finding("left-by-jump", module().describe(from),
                     "jumps to {}, where livepatch looks for no task: one that sleeps there does not keep the live "
                     "patch from being unloaded",
                     module().describe(to));
  }

  const Context& context_;
  std::vector<Range> known_;  ///< what livepatch looks for on stacks
  std::vector<const Symbol*> open_;
  std::set<const Symbol*> seen_;
  std::uint64_t count_ = 0;
};

}  // namespace

void check_left_by_jumps(const Context& context, const PatchTables& patch) { LeftByJumps(context, patch).run(); }

}  // namespace suture::check
