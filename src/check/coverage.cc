// The other way round than code_tables.cc: what in the code needs an entry in a table has one.
// A return or an indirect branch without its entry works, and leaves the CPU's flaw open that the
// entry is for; a call of __fentry__ without one is executed for real.
#include <algorithm>
#include <array>
#include <set>

#include "check/checks.h"
#include "check/code_site.h"

namespace suture::check {
namespace {

class Coverage {
 public:
  explicit Coverage(const Context& context)
      : context_(context),
        rethunk_(has("__return_sites")),
        retpoline_(has("__retpoline_sites")),
        returns_(listed_places(context.module, ".return_sites", 4)),
        retpolines_(listed_places(context.module, ".retpoline_sites", 4)),
        ftrace_(listed_places(context.module, "__mcount_loc", 8)) {
    if (const auto layout = context.shipped.layout("paravirt_patch_site"))
      paravirt_ = listed_places(context.module, ".parainstructions", layout->size);
    if (const auto layout = context.shipped.layout("alt_instr")) add_direct_calls(*layout);
  }

  void run() const {
    for (const auto& [section, instructions] : context_.code.sections()) {
      if (!context_.module.section(section).is_allocated()) continue;
      for (const auto& each : instructions) check({section, each.offset}, each);
    }
  }

 private:
  bool has(std::string_view symbol) const { return !context_.shipped.symbols(symbol).empty(); }

  /// Since 6.8 a paravirtual call is an alternative, whose flag says that the kernel makes it a direct
  /// call of what the pointer holds (arch/x86/include/asm/alternative.h).
  void add_direct_calls(const image::Layout& layout) {
    constexpr std::uint16_t direct_call = 1 << 1;  // ALT_FLAG_DIRECT_CALL
    const Section* section = context_.module.find(".altinstructions");
    const auto* flags = layout.find("flags");
    if (section == nullptr || flags == nullptr || flags->size_bits != 16) return;
    for (const auto& relocation : section->relocations) {
      if (relocation.offset % layout.size != 0) continue;
      const auto set = Reader(section->data, "").at<std::uint16_t>(relocation.offset + flags->offset());
      const auto target = context_.module.target(relocation);
      if (set && (*set & direct_call) != 0 && target) paravirt_.insert(*target);
    }
  }

  void check(Place place, const Instruction& instruction) const {
    const auto where = context_.module.describe(place);
    const auto target = context_.code.branch_symbol(place.section, instruction);
    if (instruction.kind == Kind::invalid)
      context_.finding("code-invalid", where, "no instruction can be decoded in a function");
    if (target == "__x86_return_thunk") {
      if (rethunk_ && !returns_.contains(place))
        context_.finding("return-site-missing", where,
                         "jumps to __x86_return_thunk, and .return_sites does not list it");
    } else if (target.starts_with("__x86_indirect_thunk_")) {
      if (retpoline_ && !retpolines_.contains(place))
        context_.finding("retpoline-site-missing", where, "goes to {}, and .retpoline_sites does not list it", target);
    } else if (target == "__fentry__") {
      if (!ftrace_.contains(place))
        context_.finding("ftrace-site-missing", where, "calls __fentry__, and __mcount_loc does not list it");
    } else if (instruction.kind == Kind::leave && rethunk_) {
      context_.finding("return-unprotected", where, "returns by an instruction, not by __x86_return_thunk");
    } else if ((instruction.kind == Kind::indirect_call || instruction.kind == Kind::indirect_jump) && retpoline_ &&
               !paravirt_.contains(place)) {
      context_.finding("branch-unprotected", where,
                       "branches to a computed address, not through an __x86_indirect_thunk");
    }
  }

  const Context& context_;
  bool rethunk_;
  bool retpoline_;
  std::set<Place> returns_;
  std::set<Place> retpolines_;
  std::set<Place> ftrace_;
  std::set<Place> paravirt_;
};

}  // namespace

void check_coverage(const Context& context) { Coverage(context).run(); }

}  // namespace suture::check
