// Constants that the kernel writes into its own code at boot, once, where the compiler left a
// placeholder (arch/x86/include/asm/runtime-const.h, since 6.11). Nobody fills them in in a module: a
// copied placeholder lets any address pass for one of user space.
#include <algorithm>

#include "check/checks.h"
#include "check/livepatch_names.h"
#include "check/object_symbols.h"

namespace suture::check {
namespace {

constexpr std::uint64_t pointer_placeholder = 0x0123456789abcdef;
constexpr std::uint8_t shift_placeholder = 12;
// The shift that 6.12 has (include/asm-generic/vmlinux.lds.h, RUNTIME_CONST(shift, …)).
constexpr std::string_view shift = "d_hash_shift";

class RuntimeConstants {
 public:
  RuntimeConstants(const Context& context, const PatchTables& patch) : context_(context), patch_(patch) {}

  void run() {
    for (const auto& [section, instructions] : context_.code.sections())
      for (const auto& each : instructions)
        if (immediate(section, each) == pointer_placeholder && each.immediate_size == 8)
          report({section, each.offset}, "holds the placeholder of a pointer that the kernel fills in at boot");
    read_shifts();
    if (shifts_.empty()) return;
    for (const auto& object : patch_.objects)
      for (const auto& function : object.functions) check_shift(object, function);
  }

 private:
  std::uint64_t immediate(std::uint32_t section, const Instruction& instruction) const {
    std::uint64_t value = 0;
    const auto bytes = Reader(context_.module.section(section).data, "")
                           .slice(instruction.offset + instruction.immediate, instruction.immediate_size);
    if (bytes)
      for (std::size_t i = bytes->size(); i-- > 0;) value = value << 8 | (*bytes)[i];
    return value;
  }

  /// The list of relative pointers to them, in vmlinux.
  void read_shifts() {
    const auto begin = context_.shipped.symbols(fmt::format("__start_runtime_shift_{}", shift));
    const auto end = context_.shipped.symbols(fmt::format("__stop_runtime_shift_{}", shift));
    if (begin.size() != 1 || end.size() != 1 || end[0].begin < begin[0].begin) return;
    const auto table = context_.shipped.bytes(begin[0].begin, end[0].begin - begin[0].begin);
    if (!table) return;
    for (std::uint64_t at = 0; at + 4 <= table->size(); at += 4)
      shifts_.push_back(begin[0].begin + at +
                        static_cast<std::uint64_t>(static_cast<std::int64_t>(load_le<std::int32_t>(*table, at))));
  }

  /// Where the replaced function has such a shift, and the replacement shifts by as much as the
  /// placeholder says, it has to read the variable too.
  void check_shift(const PatchObject& object, const PatchFunction& function) const {
    const auto original = find_object_symbol(context_.shipped, object.name, function.old_name, function.position);
    const Symbol* ours = function.replacement ? context_.module.function_at(*function.replacement) : nullptr;
    if (!original.in_kernel || ours == nullptr) return;
    const auto& old = *original.in_kernel;
    const Place begin{ours->section, ours->value};
    if (std::none_of(shifts_.begin(), shifts_.end(),
                     [&](std::uint64_t site) { return site >= old.begin && site < old.end; }))
      return;
    for (const auto& relocation : context_.module.relocations_in(begin, ours->size))
      if (const auto name = parse_livepatch_symbol(context_.module.symbol(relocation).name);
          name && name->name == shift)
        return;
    for (const auto& each : context_.code.in(begin, ours->size))
      if (mnemonic_name(each) == "shr" && each.immediate_size == 1 &&
          immediate(ours->section, each) == shift_placeholder)
        report({ours->section, each.offset}, "shifts by the placeholder of a number that the kernel fills in at boot");
  }

  void report(Place place, std::string_view what) const {
    context_.finding("runtime-constant", context_.module.describe(place), "{}, in its own code only", what);
  }

  const Context& context_;
  const PatchTables& patch_;
  std::vector<std::uint64_t> shifts_;  ///< addresses in vmlinux
};

}  // namespace

void check_runtime_constants(const Context& context, const PatchTables& patch) {
  RuntimeConstants(context, patch).run();
}

}  // namespace suture::check
