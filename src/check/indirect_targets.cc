// Indirect branch tracking: where the CPU enforces it, an indirect call must land on ENDBR64, or the
// kernel stops. Nothing shows that in emulation, which has no such CPU; so every address of code that
// the module holds is followed to the instruction that it leads to.
//
// Shipped code has ENDBR64 where its own source takes a function's address, and loses some of them
// at boot and at load: objtool lists functions whose address nobody took (.ibt_endbr_seal, read by
// apply_seal_endbr(), arch/x86/kernel/alternative.c). A live patch may be the first that takes it.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "check/checks.h"
#include "check/livepatch_names.h"
#include "check/object_symbols.h"
#include "check/suture_tables.h"

namespace suture::check {
namespace {

constexpr std::array<std::uint8_t, 4> endbr64 = {0xf3, 0x0f, 0x1e, 0xfa};

bool begins_with_endbr(ByteView code) {
  return code.size() >= endbr64.size() && std::equal(endbr64.begin(), endbr64.end(), code.begin());
}

ByteView from(const Section& section, std::uint64_t offset) {
  return offset < section.data.size() ? section.data.subspan(offset) : ByteView{};
}

class IndirectTargets {
 public:
  IndirectTargets(const Context& context, const PatchTables& patch) : context_(context), patch_(patch) {}

  void run() {
    if (!read_sealed()) return;
    collect_replacements();
    collect_cleared_fields();
    for (const auto& section : module().sections()) {
      if (!section.is_allocated() || describes_code(section.name)) continue;
      if (section.is_code()) {
        check_code(section);
      } else {
        for (const auto& relocation : section.relocations)
          if (!not_called_.contains({section.index, relocation.offset}))
            check({section.index, relocation.offset}, relocation, relocation.addend);
      }
    }
    context_.examined("addresses of code", count_);
  }

 private:
  const ModuleFile& module() const { return context_.module; }

  /// vmlinux' list of relative pointers. False for a kernel without such tracking.
  bool read_sealed() {
    const auto begin = context_.shipped.symbols("__ibt_endbr_seal");
    const auto end = context_.shipped.symbols("__ibt_endbr_seal_end");
    if (begin.size() != 1 || end.size() != 1 || end[0].begin < begin[0].begin) return false;
    const auto table = context_.shipped.bytes(begin[0].begin, end[0].begin - begin[0].begin);
    if (!table) {
      context_.finding("indirect-target", "__ibt_endbr_seal", "cannot be read: {}", table.error().describe());
      return false;
    }
    for (std::uint64_t at = 0; at + 4 <= table->size(); at += 4)
      sealed_.insert(begin[0].begin + at +
                     static_cast<std::uint64_t>(static_cast<std::int64_t>(load_le<std::int32_t>(*table, at))));
    return true;
  }

  /// klp_func.new_func: ftrace returns to it, which is no indirect branch (klp_ftrace_handler()).
  void collect_replacements() {
    const auto layout = PatchLayout::of(context_.shipped);
    if (!layout) return;
    for (const auto& object : patch_.objects)
      for (const auto& function : object.functions)
        not_called_.insert({function.record.section, function.record.offset + layout->function.new_func});
  }

  /// suture_field.where: operands that are set to zero (src/patch/emit/scaffold/scaffold.c).
  void collect_cleared_fields() {
    for (const auto& target : suture_targets(module()))
      for (const auto& field : target.fields) not_called_.insert(field.pointer);
  }

  void check_code(const Section& section) {
    const auto known = context_.code.sections().find(section.index);
    // What alternatives put in place belongs to no function.
    const auto instructions = known != context_.code.sections().end() ? known->second : decode(section.data, 0);
    auto at = instructions.begin();
    for (const auto& relocation : section.relocations) {
      while (at != instructions.end() && at->end() <= relocation.offset) ++at;
      if (at == instructions.end()) return;
      if (relocation.offset < at->offset) continue;
      const bool is_operand = !at->branch || relocation.offset != at->offset + at->immediate;
      const bool relative = relocation.type == R_X86_64_PC32 || relocation.type == R_X86_64_PLT32;
      const auto distance = static_cast<std::int64_t>(relative ? at->end() - relocation.offset : 0);
      if (is_operand) check({section.index, relocation.offset}, relocation, relocation.addend + distance);
    }
  }

  /// The field at `user` holds the address of the relocation's symbol plus `offset`.
  void check(Place user, const Relocation& relocation, std::int64_t offset) {
    const auto& symbol = module().symbol(relocation);
    const auto distance = static_cast<std::uint64_t>(offset);
    if (symbol.is_defined()) {
      check_own(user, {symbol.section, symbol.value + distance});
    } else if (const auto name = parse_livepatch_symbol(symbol.name)) {
      const auto found = find_object_symbol(context_.shipped, name->object, name->name, name->position);
      if (found.in_kernel) check_kernel(user, *found.in_kernel, distance);
      if (found.in_module != nullptr) check_module(user, *found.module, *found.in_module, distance);
    } else if (const auto* exported = context_.shipped.find_export(symbol.name)) {
      check_export(user, *exported, distance);
    }
  }

  /// A label in the function that uses it (_THIS_IP_, a fixup) is not called.
  void check_own(Place user, Place target) {
    const auto& section = module().section(target.section);
    const auto* function = module().function_covering(target);
    if (!section.is_code() || function == nullptr || function == module().function_covering(user)) return;
    ++count_;
    if (!begins_with_endbr(from(section, target.offset))) report(user, module().describe(target), "");
  }

  void check_export(Place user, const image::Export& exported, std::uint64_t distance) {
    if (exported.module_name == "vmlinux") {
      for (const auto& symbol : context_.shipped.symbols(exported.name))
        if (symbol.type == 'T' || symbol.type == 'W') check_kernel(user, symbol, distance);
    } else if (const auto file = context_.shipped.module(exported.module_name); file && *file != nullptr) {
      if (const auto* symbol = (*file)->find_symbol(exported.name)) check_module(user, **file, *symbol, distance);
    }
  }

  void check_kernel(Place user, const KernelSymbol& symbol, std::uint64_t distance) {
    if (!symbol.is_code()) return;
    ++count_;
    const auto address = symbol.begin + distance;
    const auto code = context_.shipped.bytes(address, endbr64.size());
    if (!code || !begins_with_endbr(*code))
      report(user, symbol.name, "");
    else if (sealed_.contains(address))
      report(user, symbol.name, " once the kernel has started, which takes it away");
  }

  void check_module(Place user, const ModuleFile& file, const Symbol& symbol, std::uint64_t distance) {
    if (!symbol.is_defined() || !file.section(symbol.section).is_code()) return;
    ++count_;
    const Place target{symbol.section, symbol.value + distance};
    if (!begins_with_endbr(from(file.section(target.section), target.offset)))
      report(user, symbol.name, "");
    else if (sealed_in(file).contains(target))
      report(user, symbol.name, " once its module is loaded, which takes it away");
  }

  const std::set<Place>& sealed_in(const ModuleFile& file) {
    const auto [known, is_new] = sealed_in_.try_emplace(&file);
    const Section* list = is_new ? file.find(".ibt_endbr_seal") : nullptr;
    if (list != nullptr)
      for (const auto& relocation : list->relocations)
        if (const auto place = file.target(relocation)) known->second.insert(*place);
    return known->second;
  }

  void report(Place user, std::string_view target, std::string_view when) const {
    context_.finding("indirect-target", module().describe(user),
                     "holds the address of {}, which does not begin with ENDBR64{}: an indirect call of it stops a "
                     "kernel that tracks indirect branches",
                     target, when);
  }

  const Context& context_;
  const PatchTables& patch_;
  std::set<std::uint64_t> sealed_;  ///< addresses in vmlinux
  std::map<const ModuleFile*, std::set<Place>> sealed_in_;
  std::set<Place> not_called_;  ///< fields that hold addresses of code for another purpose
  std::uint64_t count_ = 0;
};

}  // namespace

void check_indirect_targets(const Context& context, const PatchTables& patch) { IndirectTargets(context, patch).run(); }

}  // namespace suture::check
