// Call thunks: with retbleed=stuff the kernel counts calls. What counts goes into the padding before
// each function that is called, and calls lead there (arch/x86/kernel/callthunks.c). So padding must
// be there, aligned with its function, and hold nothing; and calls must be listed in .call_sites. It
// has a name, without which a stack trace through it would tell of the function before.
#include <algorithm>
#include <set>

#include "check/checks.h"
#include "check/livepatch_names.h"

namespace suture::check {
namespace {

// CONFIG_FUNCTION_PADDING_BYTES and CONFIG_FUNCTION_ALIGNMENT where CONFIG_CALL_PADDING is set.
constexpr std::uint64_t padding = 16;
constexpr std::uint8_t nop = 0x90;

class CallPadding {
 public:
  explicit CallPadding(const Context& context) : context_(context) {}

  void run() {
    if (context_.shipped.symbols("callthunks_patch_module_calls").empty()) return;
    for (const auto& symbol : module().symbols()) {
      if (!symbol.is_function() || !symbol.is_defined() || symbol.size == 0 || is_part(symbol)) continue;
      const auto& section = module().section(symbol.section);
      if (section.is_code() && section.is_allocated()) check_function(section, symbol);
    }
    read_listed();
    for (const auto& [section, instructions] : context_.code.sections())
      if (module().section(section).is_allocated() && !module().section(section).is_init())
        for (const auto& each : instructions)
          if (each.kind == Kind::call) check_call({section, each.offset}, each);
  }

 private:
  const ModuleFile& module() const { return context_.module; }

  /// Not called, but jumped to: a part that the compiler moved out of the way, or padding itself.
  bool is_part(const Symbol& function) const {
    return function.name.find(".cold") != std::string::npos || module().is_padding(function);
  }

  void check_function(const Section& section, const Symbol& function) const {
    if (function.value % padding != 0 || section.alignment % padding != 0)
      context_.finding("call-padding", function.name, "is not aligned to {} bytes", padding);
    const auto before = function.value < padding
                            ? ByteView{}
                            : Reader(section.data, "").slice(function.value - padding, padding).value_or(ByteView{});
    if (before.empty() || std::any_of(before.begin(), before.end(), [](std::uint8_t byte) { return byte != nop; }))
      context_.finding("call-padding", function.name,
                       "does not have {} bytes of nop before it, where the kernel puts what counts calls", padding);
    else if (const auto* name = module().function_at({function.section, function.value - padding});
             name == nullptr || !module().is_padding(*name))
      context_.finding("call-padding", function.name, "has no symbol __pfx_{} for the padding before it",
                       function.name);
  }

  void read_listed() {
    for (const auto* table : {".call_sites", ".retpoline_sites", ".static_call_sites", "__mcount_loc"}) {
      const Section* section = module().find(table);
      if (section == nullptr) continue;
      for (const auto& relocation : section->relocations)
        if (const auto target = module().target(relocation)) listed_.insert(*target);
    }
    const Section* alternatives = module().find(".altinstructions");
    if (alternatives == nullptr) return;
    for (const auto& relocation : alternatives->relocations)
      if (const auto target = module().target(relocation)) listed_.insert(*target);
  }

  void check_call(Place place, const Instruction& call) const {
    if (listed_.contains(place)) return;
    const auto* relocation = context_.code.branch_relocation(place.section, call);
    const auto late =
        relocation == nullptr ? std::nullopt : parse_livepatch_section(module().section(relocation->from).name);
    if (late && late->object != "vmlinux") return;  // its callee is not known when the table is read
    if (relocation != nullptr && is_trampoline(module().symbol(*relocation).name)) return;
    context_.finding("call-site-missing", module().describe(place), "is a call, and .call_sites does not list it");
  }

  /// A static call's, which the kernel writes itself, and which has no padding.
  static bool is_trampoline(const std::string& symbol) {
    const auto livepatch = parse_livepatch_symbol(symbol);
    return (livepatch ? livepatch->name : symbol).starts_with("__SCT__");
  }

  const Context& context_;
  std::set<Place> listed_;
};

}  // namespace

void check_call_padding(const Context& context) { CallPadding(context).run(); }

}  // namespace suture::check
