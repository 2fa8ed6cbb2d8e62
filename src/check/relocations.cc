// Relocations, replayed as far as that is possible without knowing where the module will lie:
// apply_relocations() in kernel/module/main.c and apply_relocate_add() in arch/x86/kernel/module.c.
// Livepatch's relocations go through the same function, so they are looked at here too.
#include <algorithm>

#include "check/checks.h"
#include "check/livepatch_names.h"

namespace suture::check {
namespace {

class SectionRelocations {
 public:
  SectionRelocations(const Context& context, const Section& section) : context_(context), section_(section) {}

  void run() {
    std::uint64_t written_to = 0;
    for (const auto& each : section_.relocations) {
      const auto size = width_of(each.type);
      if (!size) {
        finding("relocation-type", each, "is of type {}, which the x86-64 loader does not know", each.type);
        continue;
      }
      if (each.offset > section_.data.size() || *size > section_.data.size() - each.offset) {
        finding("relocation-bounds", each, "writes {} bytes, but the section's content ends at {:#x}", *size,
                section_.data.size());
        continue;
      }
      if (*size == 0) continue;
      check_place(each, *size, written_to);
      check_symbol(each);
      written_to = each.offset + *size;
    }
  }

 private:
  const ModuleFile& module() const { return context_.module; }

  template <typename... Args>
  void finding(std::string_view id, const Relocation& relocation, fmt::format_string<Args...> format,
               Args&&... args) const {
    context_.finding(id, place(relocation), format, std::forward<Args>(args)...);
  }
  std::string place(const Relocation& relocation) const {
    return fmt::format("{} ({})", module().describe({section_.index, relocation.offset}),
                       module().section(relocation.from).name);
  }

  void check_place(const Relocation& each, std::uint64_t size, std::uint64_t written_to) const {
    const auto bytes = section_.data.subspan(each.offset, size);
    if (std::any_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte != 0; }))
      finding("relocation-target", each, "must find zero where it writes, but finds {}", to_hex(bytes));
    if (each.offset < written_to)
      finding("relocation-overlap", each,
              "writes where the one before it has written, so the loader finds that it is not zero");
  }

  void check_symbol(const Relocation& each) const {
    const auto& symbol = module().symbol(each);
    const bool by_livepatch = module().section(each.from).is_livepatch();
    if ((symbol.section == shn_livepatch) != by_livepatch)
      finding("livepatch-relocation", each, "{}",
              by_livepatch
                  ? fmt::format("is livepatch's to apply, but its symbol {} is not a livepatch symbol", symbol.name)
                  : fmt::format("is applied by the loader, to which the livepatch symbol {} is 0", symbol.name));
    const auto target = section_.is_code() ? context_.code.target(section_.index, each) : module().target(each);
    if (target) check_target(each, *target);
    if (each.type == R_X86_64_32 && symbol.section != SHN_ABS)
      finding("relocation-range", each,
              "keeps 32 bits of the address of {} as an unsigned number, where no code or data of the kernel lies",
              symbol.name);
    if (const auto address = imported_address(symbol)) check_distance(each, symbol, *address);
  }

  /// What the relocation refers to in the module stays in memory as long as its user.
  void check_target(const Relocation& each, const Place& target) const {
    const auto& section = module().section(target.section);
    if (!section.is_allocated())
      finding("relocation-lost-target", each, "refers to {}, which the loader does not keep in memory", section.name);
    else if (target.offset > section.size)  // compilers do this too, where an index begins above 0
      context_.note("relocation-outside", place(each), "leads to offset {:#x} of {}, which has {:#x} bytes",
                    static_cast<std::int64_t>(target.offset), section.name, section.size);
  }

  std::optional<std::uint64_t> imported_address(const Symbol& symbol) const {
    if (symbol.section == SHN_UNDEF && !symbol.name.empty()) {
      const auto* exported = context_.shipped.find_export(symbol.name);
      if (exported == nullptr || exported->module_name != "vmlinux") return std::nullopt;
      const auto found = context_.shipped.symbols(symbol.name);
      return found.size() == 1 ? std::optional(found.front().begin) : std::nullopt;
    }
    if (symbol.section == SHN_ABS) return symbol.value;
    return std::nullopt;
  }

  /// The kernel and its modules live in the top 2 GiB (arch/x86/include/asm/pgtable_64_types.h), and
  /// per-CPU variables are linked near 0, so that every 32-bit field between them is wide enough.
  /// 6.1 does not notice when one is not.
  void check_distance(const Relocation& each, const Symbol& symbol, std::uint64_t address) const {
    constexpr std::uint64_t kernel_begin = 0xffffffff80000000;
    constexpr std::uint64_t percpu_end = 0x01000000;
    if (address < kernel_begin && address >= percpu_end && width_of(each.type) == 4)
      finding("relocation-range", each, "refers to {} at {:#x}, which 32 bits cannot reach from a module", symbol.name,
              address);
  }

  const Context& context_;
  const Section& section_;
};

}  // namespace

void check_relocations(const Context& context) {
  std::uint64_t count = 0;
  for (const auto& section : context.module.sections()) {
    if (section.type == SHT_RELA && section.link != context.module.symbol_table())
      context.finding("relocation-section", section.name,
                      "uses the symbols of section {}; the loader always uses the symbol table", section.link);
    if (!section.is_allocated()) continue;  // the loader ignores those too
    count += section.relocations.size();
    SectionRelocations(context, section).run();
  }
  context.examined("relocations", count);
}

}  // namespace suture::check
