#include "patch/emit/relocate.h"

#include <algorithm>

#include "patch/emit/sections.h"

namespace suture::patch::emitter {
namespace {

Result<std::uint64_t> field_size(const elf::Relocation& relocation, std::string_view source, std::string_view section) {
  switch (relocation.type) {
    case R_X86_64_64:
    case R_X86_64_PC64:
      return 8;
    case R_X86_64_32:
    case R_X86_64_32S:
    case R_X86_64_PC32:
    case R_X86_64_PLT32:
      return 4;
    default:
      return fail(Error(fmt::format("{}: {}+{:#x} has a relocation of type {}, which the kernel's module loader does "
                                    "not know",
                                    source, section, relocation.offset, relocation.type))
                      .advise("compile with the kernel's own flags (-mcmodel=kernel -fno-PIE)"));
  }
}

// The assembler marks what is called or jumped to (R_X86_64_PLT32). Tables only describe code.
bool takes_address(const elf::Section& section, const elf::Relocation& relocation) {
  return relocation.type != R_X86_64_PLT32 && is_left_alone_by_loader(section);
}

class Relocator {
 public:
  Relocator(Assembly& assembly, const Resolver& resolver, std::vector<Refusal>& refusals)
      : assembly_(assembly), resolver_(resolver), refusals_(refusals) {}

  Status relocate(const Part& part) {
    bindings_.clear();
    for (std::size_t i = 1; i < part.object->sections.size(); ++i) {
      const auto place = part.sections[i];
      if (place.section == 0) continue;
      for (const auto& relocation : part.object->sections[i].relocations) {
        if (relocation.type == R_X86_64_NONE) continue;
        TRY(carry(part, part.object->sections[i], place, relocation));
      }
    }
    return {};
  }

  Relocated take() { return std::move(result_); }

 private:
  Status carry(const Part& part, const elf::Section& from, Place place, elf::Relocation relocation) {
    const auto size = TRY(field_size(relocation, part.source, from.name));
    if (relocation.offset > from.size || size > from.size - relocation.offset || from.type == SHT_NOBITS) {
      return fail("{}: {}+{:#x} relocates {} bytes that are not there", part.source, from.name, relocation.offset,
                  size);
    }
    auto& to = assembly_.section(place);
    relocation.offset += place.offset;
    std::fill_n(to.data.begin() + static_cast<std::ptrdiff_t>(relocation.offset), size, std::uint8_t{0});

    const auto& symbol = part.object->symbols[relocation.symbol];
    if (relocation.symbol != 0 && symbol.section == SHN_UNDEF) {
      bind(part, place.section, relocation);
    } else if (relocation.symbol == 0) {
      assembly_.object().sections[place.section].relocations.push_back(relocation);
    } else {
      const auto target = TRY(assembly_.locate(part, relocation.symbol, relocation.addend), "{}+{:#x}", from.name,
                              relocation.offset - place.offset);
      relocation.symbol = target.symbol;
      relocation.addend = target.addend;
      assembly_.object().sections[place.section].relocations.push_back(relocation);
    }
    return {};
  }

  void bind(const Part& part, elf::SectionIndex section, elf::Relocation relocation) {
    const auto& name = part.object->symbols[relocation.symbol].name;
    auto found = bindings_.find(relocation.symbol);
    if (found == bindings_.end()) {
      auto resolved = resolver_.resolve(part, relocation.symbol);
      if (!resolved) refusals_.push_back(resolved.error());
      found = bindings_.emplace(relocation.symbol, std::move(resolved)).first;
    }
    if (!found->second) return;
    const auto& binding = *found->second;
    if (binding.is_call_only && takes_address(assembly_.object().sections[section], relocation)) {
      refusals_.push_back(
          {.code = "no-endbr",
           .place = fmt::format("{}: {}", part.source, name),
           .reason = "the fix takes this function's address, but the running kernel's own code calls it by name only: "
                     "where the CPU tracks indirect branches (IBT), a call through a pointer would stop the kernel",
           .advice = "take the address of a new function of the fix, which calls this one"});
      return;
    }
    if (binding.kind == Binding::Kind::livepatch) {
      relocation.symbol = assembly_.livepatch(binding.name);
      return relocate_late(part, section, name, binding, relocation);
    }
    if (binding.kind == Binding::Kind::definition) {
      relocation.symbol = binding.symbol;
    } else {
      const bool weak = binding.kind == Binding::Kind::absent;
      if (!weak) result_.exports.insert(binding.name);
      relocation.symbol = assembly_.undefined(name, weak);
    }
    assembly_.object().sections[section].relocations.push_back(relocation);
  }

  // A section of livepatch relocations belongs to the object that is waited for: vmlinux for its own
  // symbols, else the module that the part patches, even for symbols of modules that this one uses.
  void relocate_late(const Part& part, elf::SectionIndex section, const std::string& name, const Binding& binding,
                     const elf::Relocation& relocation) {
    const auto& to = assembly_.object().sections[section];
    const auto& owner = binding.object == "vmlinux" ? binding.object : part.owner;
    if (owner != "vmlinux") {
      if (!is_left_alone_by_loader(to)) {
        refusals_.push_back(
            {.code = "module-special-section",
             .place = fmt::format("{}: {}", part.source, name),
             .reason = fmt::format("{} refers to it, which the kernel reads when it loads the live patch, before the "
                                   "module {} has to be there",
                                   to.name, owner),
             .advice = "keep static keys, static calls and alternatives of modules out of the functions that change"});
        return;
      }
      ++result_.late[owner];
    }
    assembly_.relocate_late(section, owner, relocation);
  }

  Assembly& assembly_;
  const Resolver& resolver_;
  std::vector<Refusal>& refusals_;
  std::map<elf::SymbolIndex, tl::expected<Binding, Refusal>> bindings_;  // of the part at hand
  Relocated result_;
};

struct Address {
  elf::SectionIndex section = 0;
  std::uint64_t offset = 0;
  auto operator<=>(const Address&) const = default;
};

/// What a relocation that counts from its own field, or from zero, leads to.
Address address(const elf::Object& object, const elf::Relocation& relocation) {
  const auto& symbol = object.symbols[relocation.symbol];
  return {symbol.section, symbol.value + static_cast<std::uint64_t>(relocation.addend)};
}

}  // namespace

Result<Relocated> relocate(Assembly& assembly, const std::vector<Part>& parts, const Resolver& resolver,
                           std::vector<Refusal>& refusals) {
  Relocator relocator(assembly, resolver, refusals);
  for (const auto& part : parts) TRY(relocator.relocate(part));
  return relocator.take();
}

void drop_late_calls(elf::Object& module) {
  auto& table = module.sections[module.find_section(".call_sites")];
  const auto is_late = [&](const elf::Relocation& entry) {
    const auto [section, call] = address(module, entry);
    if (section >= module.sections.size()) return false;
    const auto& late = module.sections[section].livepatch_relocations;
    return std::any_of(late.begin(), late.end(), [&, call = call](const auto& relocations) {
      return !relocations.name.starts_with(".klp.rela.vmlinux.") &&
             std::any_of(relocations.relocations.begin(), relocations.relocations.end(),
                         [&](const auto& field) { return field.offset == call + 1; });  // after the opcode
    });
  };
  std::erase_if(table.relocations, is_late);
  constexpr std::uint64_t entry_size = 4;
  for (std::size_t i = 0; i < table.relocations.size(); ++i) table.relocations[i].offset = i * entry_size;
  table.data.resize(table.relocations.size() * entry_size);
  table.size = table.data.size();
}

void check_alternatives(const elf::Object& module, const KernelLayouts& layouts, std::vector<Refusal>& refusals) {
  const auto& table = module.sections[module.find_section(".altinstructions")];
  const auto& layout = layouts.alt_instr;
  for (const auto& relocation : table.relocations) {
    if (relocation.offset % layout.size != layout.instr_offset) continue;
    const auto entry = relocation.offset - layout.instr_offset;
    if (entry + layout.size > table.data.size()) continue;
    const auto length = table.data[entry + layout.instrlen];
    const auto [section, begin] = address(module, relocation);
    if (section >= module.sections.size()) continue;
    for (const auto& late : module.sections[section].livepatch_relocations) {
      if (late.name.starts_with(".klp.rela.vmlinux.")) continue;
      for (const auto& field : late.relocations) {
        if (field.offset < begin || field.offset >= begin + length) continue;
        refusals.push_back({.code = "module-special-section",
                            .place = module.symbols[field.symbol].name,
                            .reason = "an instruction that the kernel replaces when it loads the live patch refers to "
                                      "a symbol of a module that may come later",
                            .advice = "keep alternatives that refer to the module's own symbols out of the functions "
                                      "that change"});
      }
    }
  }
}

Status check_call_sites(const elf::Object& module) {
  std::set<Address> listed;
  const auto table = module.find_section("__mcount_loc");
  for (const auto& relocation : module.sections[table].relocations) {
    const auto at = address(module, relocation);
    if (at.section >= module.sections.size() || !module.sections[at.section].is_code()) {
      return fail("__mcount_loc+{:#x} does not lead to code", relocation.offset);
    }
    if (!listed.insert(at).second) return fail("__mcount_loc lists {:#x} twice", at.offset);
  }
  const auto fentry = module.find_symbol("__fentry__");
  if (fentry == 0) return {};
  for (elf::SectionIndex i = 1; i < module.sections.size(); ++i) {
    const auto& section = module.sections[i];
    if (!section.is_code()) continue;
    for (const auto& relocation : section.relocations) {
      // The field follows the one byte of the call's opcode.
      if (relocation.symbol != fentry || listed.erase({i, relocation.offset - 1}) == 1) continue;
      return fail("{}+{:#x} calls __fentry__, but __mcount_loc does not list it", section.name, relocation.offset - 1);
    }
  }
  if (!listed.empty()) {
    return fail("__mcount_loc lists {}+{:#x}, where __fentry__ is not called",
                module.sections[listed.begin()->section].name, listed.begin()->offset);
  }
  return {};
}

}  // namespace suture::patch::emitter
