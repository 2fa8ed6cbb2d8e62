// Livepatch symbols and relocation sections, replayed: klp_apply_section_relocs() and
// klp_resolve_symbols() in kernel/livepatch/core.c, once for vmlinux when the module loads, and once
// for each module that it patches, when that is there.
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <sstream>

#include "check/checks.h"
#include "check/livepatch_names.h"
#include "check/object_symbols.h"

namespace suture::check {
namespace {

// What the kernel reads once, when the patch loads: before a module's livepatch relocations.
constexpr std::array<std::string_view, 15> read_at_load = {
    ".altinstructions", ".altinstr_replacement", ".parainstructions", "__jump_table",    ".static_call_sites",
    ".retpoline_sites", ".return_sites",         ".call_sites",       ".ibt_endbr_seal", ".smp_locks",
    ".orc_unwind_ip",   "__mcount_loc",          "__bug_table",       "__ex_table",      "__tracepoints_ptrs"};

class LivepatchSymbols {
 public:
  explicit LivepatchSymbols(const Context& context) : context_(context) {}

  void run() {
    for (const auto& section : module().sections()) {
      const bool named = section.name.starts_with(livepatch_section_prefix);
      if (named || section.is_livepatch()) check_section(section);
    }
    std::uint64_t count = 0;
    for (std::uint32_t i = 1; i < module().symbols().size(); ++i) {
      const auto& symbol = module().symbols()[i];
      const bool named = symbol.name.starts_with(livepatch_symbol_prefix);
      if (!named && symbol.section != shn_livepatch) continue;
      ++count;
      if (!named || symbol.section != shn_livepatch)
        context_.finding("livepatch-symbol", "symbol " + symbol.name, "{}",
                         named ? "has a livepatch symbol's name, but not its section index SHN_LIVEPATCH"
                               : "has the section index SHN_LIVEPATCH, but not a livepatch symbol's name");
      else
        check_symbol(symbol, used_[i]);
    }
    context_.examined("livepatch symbols", count);
  }

 private:
  const ModuleFile& module() const { return context_.module; }

  void check_section(const Section& section) {
    const auto name = parse_livepatch_section(section.name);
    const auto& target = module().section(section.info);
    constexpr auto flags = shf_rela_livepatch | SHF_ALLOC;
    if (!name || section.type != SHT_RELA || (section.flags & flags) != flags ||
        (section.flags & (SHF_WRITE | SHF_EXECINSTR)) != 0) {
      context_.finding("livepatch-section", section.name,
                       "must be named .klp.rela.OBJECT.SECTION, of type RELA, and have the flags SHF_RELA_LIVEPATCH "
                       "and SHF_ALLOC; its type is {} and its flags {:#x}",
                       section.type, section.flags);
      return;
    }
    if (name->section != target.name)
      context_.finding("livepatch-section", section.name, "relocates {}, not the section in its name", target.name);
    if (!target.is_allocated())
      context_.finding("livepatch-section", section.name, "relocates {}, which is not in memory, so nothing applies it",
                       target.name);
    if (!names_.emplace(name->object, section.info).second)
      context_.finding("livepatch-section", section.name, "is one of two for this object and section");
    if (target.is_init() && name->object != "vmlinux")
      context_.finding("livepatch-section", section.name,
                       "relocates init memory of the patch, which is gone when {} is there", name->object);
    if (name->object != "vmlinux" &&
        std::find(read_at_load.begin(), read_at_load.end(), target.name) != read_at_load.end())
      context_.finding("livepatch-special-section", section.name,
                       "changes {} when {} is there; the kernel has read that table when the patch was loaded",
                       target.name, name->object);
    for (const auto& relocation : target.relocations)
      if (relocation.from == section.index) used_[relocation.symbol].insert(name->object);
  }

  void check_symbol(const Symbol& symbol, const std::set<std::string>& users) const {
    const auto place = "symbol " + symbol.name;
    const auto name = parse_livepatch_symbol(symbol.name);
    if (!name) {
      context_.finding("livepatch-symbol", place, "must be named .klp.sym.OBJECT.NAME,POSITION");
      return;
    }
    if (users.empty()) context_.finding("livepatch-symbol", place, "is used by no livepatch relocation");
    for (const auto& user : users) check_use(place, *name, user);
    const auto found = find_object_symbol(context_.shipped, name->object, name->name, name->position);
    if (!found.found())
      context_.finding("livepatch-symbol-unresolved", place, "is not found in {}: {}", name->object, found.problem);
    else if (found.in_init(context_.shipped))
      context_.finding("init-reference", place, "lies in init memory, which is given back once it has run");
  }

  /// Relocations for one object must find their symbols when that object is there.
  void check_use(const std::string& place, const LivepatchSymbolName& name, const std::string& user) const {
    if (user == name.object) return;
    if (name.object == "vmlinux")
      context_.finding("livepatch-symbol-object", place,
                       "is used in relocations for {}; livepatch takes symbols of vmlinux only in those for vmlinux",
                       user);
    else if (user == "vmlinux")
      context_.finding("livepatch-symbol-object", place,
                       "is used in relocations for vmlinux, which are applied whether {} is there or not", name.object);
    else if (!needs(user, name.object))
      context_.finding("livepatch-symbol-object", place, "is used in relocations for {}, which does not depend on {}",
                       user, name.object);
  }

  /// Whether a shipped module cannot be there without another.
  bool needs(const std::string& user, const std::string& other) const {
    std::set<std::string> seen;
    std::vector<std::string> open = {user};
    while (!open.empty()) {
      const auto name = std::move(open.back());
      open.pop_back();
      if (!seen.insert(name).second) continue;
      if (name == other) return true;
      const auto shipped = context_.shipped.module(name);
      if (!shipped || *shipped == nullptr) continue;
      std::istringstream depends((*shipped)->modinfo("depends").value_or(""));
      for (std::string each; std::getline(depends, each, ',');) {
        std::replace(each.begin(), each.end(), '-', '_');
        open.push_back(each);
      }
    }
    return false;
  }

  const Context& context_;
  std::map<std::uint32_t, std::set<std::string>> used_;  ///< symbol -> the objects in whose relocations it is
  std::set<std::pair<std::string, std::uint32_t>> names_;
};

}  // namespace

void check_livepatch_symbols(const Context& context) { LivepatchSymbols(context).run(); }

}  // namespace suture::check
