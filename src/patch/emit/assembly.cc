#include "patch/emit/assembly.h"

#include <algorithm>

#include "patch/emit/followers.h"
#include "patch/emit/sections.h"
#include "patch/module_entry.h"

namespace suture::patch::emitter {
namespace {

// What a module's section may reach. A module region has 1 GiB; anything near that is a mistake.
constexpr std::uint64_t largest_section = 64U << 20;

constexpr std::uint8_t int3 = 0xcc;

/// kbuild's order: notes, code, read-only data, data, zeroes. The loader sorts by flags anyway.
int rank(const elf::Section& section) {
  if (section.type == SHT_NOTE) return 0;
  if (section.is_code()) return 1;
  if (!section.is_allocated()) return 5;
  if (!section.is_writable()) return 2;
  return section.type == SHT_NOBITS ? 4 : 3;
}

Status check(const elf::Object& object, const std::string& source) {
  for (const auto& section : object.sections) {
    if (section.type != SHT_NOBITS && section.data.size() != section.size) {
      return fail("{}: section {} says it has {} bytes, and holds {}", source, section.name, section.size,
                  section.data.size());
    }
    if ((section.alignment & (section.alignment - 1)) != 0 || section.alignment > 4096) {
      return fail("{}: section {} asks for alignment {}; the module loader grants up to a page", source, section.name,
                  section.alignment);
    }
    for (const auto& relocation : section.relocations) {
      if (relocation.symbol >= object.symbols.size()) {
        return fail("{}: {}+{:#x} refers to symbol {}, which does not exist", source, section.name, relocation.offset,
                    relocation.symbol);
      }
    }
  }
  for (const auto& symbol : object.symbols) {
    if (symbol.is_defined() && symbol.section >= object.sections.size()) {
      return fail("{}: symbol '{}' lies in section {}, which does not exist", source, symbol.name, symbol.section);
    }
    if (symbol.section == SHN_COMMON) {
      return fail("{}: '{}' is a common symbol, which the module loader refuses", source, symbol.name);
    }
  }
  return {};
}

}  // namespace

Status Assembly::add(std::vector<Part>& parts) {
  for (auto& part : parts) {
    TRY(check(*part.object, part.source));
    part.sections.assign(part.object->sections.size(), {});
    part.symbols.assign(part.object->symbols.size(), 0);
  }
  const auto followers = find_followers(parts);
  std::vector<std::set<elf::SectionIndex>> following(parts.size());
  for (const auto& [leader, behind] : followers)
    for (const auto& each : behind) following[each.part].insert(each.section);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto& sections = parts[i].object->sections;
    for (elf::SectionIndex k = 1; k < sections.size(); ++k) {
      const auto name = module_section(sections[k]);
      if (name.empty() || following[i].contains(k)) continue;
      TRY(place(parts[i], k, name));
      const auto behind = followers.find({i, k});
      if (behind == followers.end()) continue;
      for (const auto& each : behind->second) TRY(place(parts[each.part], each.section, name));
    }
  }
  for (std::size_t i = 0; i < parts.size(); ++i) add_symbols(parts[i], following[i]);
  return {};
}

Status Assembly::place(Part& part, elf::SectionIndex index, const std::string& name) {
  const auto& section = part.object->sections[index];
  const PieceKind kind{.section = name,
                       .type = section.type,
                       .flags = section.flags & ~std::uint64_t{SHF_LINK_ORDER | SHF_GROUP},
                       .alignment = section.alignment,
                       .entry_size = section.entry_size};
  auto& at = part.sections[index];
  if (section.type == SHT_NOBITS) {
    at = TRY(reserve(kind, section.size), "{}", part.source);
  } else {
    at = TRY(append(kind, section.data), "{}", part.source);
  }
  return {};
}

void Assembly::add_symbols(Part& part, const std::set<elf::SectionIndex>& following) {
  const auto& object = *part.object;
  for (std::size_t i = 1; i < object.symbols.size(); ++i) {
    auto symbol = object.symbols[i];
    if (symbol.is_section() || symbol.type == STT_FILE) continue;
    if (symbol.is_defined()) {
      const auto place = part.sections[symbol.section];
      if (place.section == 0) continue;
      // The names that module_init() and module_exit() give to a function are the scaffold's here.
      const bool is_entry = part.unit != nullptr && is_entry_alias(symbol.name);
      if (is_entry || following.contains(symbol.section)) symbol.name.insert(0, nameless_prefix);
      symbol.section = place.section;
      symbol.value += place.offset;
    } else if (symbol.section != SHN_ABS) {
      continue;
    }
    if (part.unit != nullptr) symbol.bind = STB_LOCAL;
    symbol.other = STV_DEFAULT;
    part.symbols[i] = object_.add(std::move(symbol));
  }
}

Result<elf::SectionIndex> Assembly::section_for(const PieceKind& kind) {
  // As ld -r: a section can be merged by entries only if all pieces can, and only then has an entry size.
  constexpr std::uint64_t mergeable = SHF_MERGE | SHF_STRINGS;
  const auto entry_size = (kind.flags & SHF_MERGE) != 0 ? kind.entry_size : 0;
  auto& index = sections_[kind.section];
  if (index == 0) {
    index = object_.add(elf::Section{.name = kind.section,
                                     .type = kind.type,
                                     .flags = kind.flags,
                                     .alignment = std::max(kind.alignment, least_alignment(kind.section)),
                                     .entry_size = entry_size});
  }
  auto& section = object_.sections[index];
  const auto kept = section.entry_size == entry_size ? section.flags & kind.flags & mergeable : 0;
  section.flags = ((section.flags | kind.flags) & ~mergeable) | kept;
  if ((kept & SHF_MERGE) == 0) section.entry_size = 0;
  section.alignment = std::max(section.alignment, kind.alignment);
  if (section.is_code() && section.is_writable()) {
    return fail("section {} would be both writable and executable, which the module loader refuses", section.name);
  }
  return index;
}

Result<Place> Assembly::reserve(const PieceKind& kind, std::uint64_t size) {
  const auto index = TRY(section_for(kind));
  auto& section = object_.sections[index];
  const auto offset = align_up(section.size, kind.alignment);
  if (size > largest_section || offset > largest_section - size) {
    return fail("section {} would grow beyond {} bytes", section.name, largest_section);
  }
  if (offset != section.size && !may_be_padded(section)) {
    return fail("a piece of {} at {} is aligned to {}: the gap would be read as an entry", section.name, section.size,
                kind.alignment);
  }
  section.size = offset + size;
  if (section.type == SHT_NOBITS && kind.type != SHT_NOBITS) section.type = kind.type;
  if (section.type != SHT_NOBITS) {
    section.data.resize(offset, section.is_code() ? int3 : 0);
    section.data.resize(section.size, 0);
  }
  return Place{index, offset};
}

Result<Place> Assembly::append(const PieceKind& kind, ByteView content) {
  const auto place = TRY(reserve(kind, content.size()));
  std::copy(content.begin(), content.end(), section(place).data.begin() + static_cast<std::ptrdiff_t>(place.offset));
  return place;
}

Result<Place> Assembly::string(std::string_view text) {
  Bytes content(text.begin(), text.end());
  content.push_back(0);
  return append(
      {.section = ".rodata.str1.1", .flags = SHF_ALLOC | SHF_MERGE | SHF_STRINGS, .alignment = 1, .entry_size = 1},
      content);
}

elf::SymbolIndex Assembly::define(elf::Symbol symbol) { return object_.add(std::move(symbol)); }

elf::SymbolIndex Assembly::section_symbol(elf::SectionIndex section) {
  auto& symbol = section_symbols_[section];
  if (symbol == 0) symbol = object_.add(elf::Symbol{.section = section, .type = STT_SECTION});
  return symbol;
}

elf::SymbolIndex Assembly::undefined(const std::string& name, bool weak) {
  auto& symbol = outside_[name];
  const auto bind = static_cast<std::uint8_t>(weak ? STB_WEAK : STB_GLOBAL);
  if (symbol == 0) symbol = object_.add(elf::Symbol{.name = name, .section = SHN_UNDEF, .bind = bind});
  return symbol;
}

elf::SymbolIndex Assembly::livepatch(const std::string& name) {
  auto& symbol = outside_[name];
  if (symbol == 0) symbol = object_.add(elf::Symbol{.name = name, .section = elf::shn_livepatch, .bind = STB_GLOBAL});
  return symbol;
}

void Assembly::point(Place place, elf::SymbolIndex symbol, std::int64_t addend) {
  section(place).relocations.push_back(
      {.offset = place.offset, .type = R_X86_64_64, .symbol = symbol, .addend = addend});
}

void Assembly::point(Place place, Place target) {
  point(place, section_symbol(target.section), static_cast<std::int64_t>(target.offset));
}

void Assembly::relocate_late(elf::SectionIndex section, const std::string& owner, const elf::Relocation& relocation) {
  auto& tables = object_.sections[section].livepatch_relocations;
  const auto name = fmt::format(".klp.rela.{}.{}", owner, object_.sections[section].name);
  auto table = std::find_if(tables.begin(), tables.end(), [&](const auto& t) { return t.name == name; });
  if (table == tables.end()) table = tables.insert(tables.end(), {.name = name});
  table->relocations.push_back(relocation);
}

Result<Target> Assembly::locate(const Part& part, elf::SymbolIndex index, std::int64_t addend) {
  const auto& symbol = part.object->symbols[index];
  if (part.symbols[index] != 0) return Target{part.symbols[index], addend};
  const auto place = symbol.is_defined() ? part.sections[symbol.section] : Place{};
  if (place.section == 0) {
    return fail("{}: {} is not a part of the live patch, yet something in it refers to that", part.source,
                symbol.name.empty() && symbol.is_defined() ? part.object->sections[symbol.section].name
                                                           : "'" + symbol.name + "'");
  }
  return Target{section_symbol(place.section), addend + static_cast<std::int64_t>(place.offset + symbol.value)};
}

elf::Object Assembly::finish() && {
  std::vector<elf::SectionIndex> order;
  for (elf::SectionIndex i = 1; i < object_.sections.size(); ++i) order.push_back(i);
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return rank(object_.sections[a]) < rank(object_.sections[b]); });
  elf::Object result;
  std::vector<elf::SectionIndex> new_section(object_.sections.size(), 0);
  for (const auto index : order) new_section[index] = result.add(std::move(object_.sections[index]));

  std::vector<elf::SymbolIndex> new_symbol(object_.symbols.size(), 0);
  for (const bool sections : {true, false}) {
    for (elf::SymbolIndex i = 1; i < object_.symbols.size(); ++i) {
      auto& symbol = object_.symbols[i];
      if (symbol.is_section() != sections) continue;
      if (symbol.is_defined()) symbol.section = new_section[symbol.section];
      new_symbol[i] = result.add(std::move(symbol));
    }
  }
  for (auto& section : result.sections) {
    const auto renumber = [&](std::vector<elf::Relocation>& relocations) {
      for (auto& relocation : relocations) relocation.symbol = new_symbol[relocation.symbol];
      std::stable_sort(relocations.begin(), relocations.end(),
                       [](const auto& a, const auto& b) { return a.offset < b.offset; });
    };
    renumber(section.relocations);
    for (auto& table : section.livepatch_relocations) renumber(table.relocations);
    std::sort(section.livepatch_relocations.begin(), section.livepatch_relocations.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
  }
  return result;
}

}  // namespace suture::patch::emitter
