#include "image/shipped_module.h"

#include <algorithm>

#include "image/decompress.h"
#include "image/notes.h"

namespace suture::image {
Result<ShippedModule> ShippedModule::open(const fs::path& path) { return parse(TRY(read_file(path)), path.string()); }

Result<ShippedModule> ShippedModule::parse(ByteView file, std::string_view file_name) {
  Bytes unpacked;
  if (const auto compression = compression_of(file)) {
    unpacked = TRY(decompress(file, *compression, size_limit, file_name));
    file = unpacked;
  }
  ShippedModule module(TRY(elf::read_object(file, file_name)), std::string(file_name));
  TRY(module.read_modinfo());
  module.read_build_id();
  module.index_names();
  return module;
}

Status ShippedModule::read_modinfo() {
  const auto index = object_.find_section(".modinfo");
  if (index == 0) return fail("{}: is not a kernel module: has no section .modinfo", file_name_);
  for (auto text = as_text(object_.sections[index].data); !text.empty();) {
    const auto entry = text.substr(0, text.find('\0'));
    text.remove_prefix(std::min(entry.size() + 1, text.size()));
    const auto equals = entry.find('=');
    if (equals != std::string_view::npos) modinfo_.emplace_back(entry.substr(0, equals), entry.substr(equals + 1));
  }
  const auto name = modinfo("name");
  const auto vermagic = modinfo("vermagic");
  if (!name || name->empty() || !vermagic)
    return fail("{}: is not a kernel module: its .modinfo has no {}", file_name_, vermagic ? "name" : "vermagic");
  name_ = *name;
  vermagic_ = *vermagic;
  return {};
}

void ShippedModule::read_build_id() {
  for (const auto& section : object_.sections) {
    if (section.type != SHT_NOTE) continue;
    if (auto id = build_id_in_notes(section.data)) build_id_ = std::move(*id);
  }
}

void ShippedModule::index_names() {
  for (elf::SymbolIndex i = 1; i < object_.symbols.size(); ++i)
    if (object_.symbols[i].section != SHN_UNDEF) by_name_.push_back(i);
  std::stable_sort(by_name_.begin(), by_name_.end(), [&](elf::SymbolIndex a, elf::SymbolIndex b) {
    return object_.symbols[a].name < object_.symbols[b].name;
  });
}

std::optional<std::string_view> ShippedModule::modinfo(std::string_view key) const {
  for (const auto& [name, value] : modinfo_)
    if (name == key) return value;
  return std::nullopt;
}

bool ShippedModule::is_indirect_target(elf::SymbolIndex function) const {
  constexpr std::uint32_t endbr64 = 0xfa1e0ff3;
  const auto& symbol = object_.symbols[function];
  if (!symbol.is_defined()) return false;
  const auto first = Reader(object_.sections[symbol.section].data, "").at<std::uint32_t>(symbol.value);
  if (!first || *first != endbr64) return false;
  const auto& sealed = object_.sections[object_.find_section(".ibt_endbr_seal")].relocations;
  return std::none_of(sealed.begin(), sealed.end(), [&](const elf::Relocation& relocation) {
    const auto& target = object_.symbols[relocation.symbol];
    return target.section == symbol.section &&
           target.value + static_cast<std::uint64_t>(relocation.addend) == symbol.value;
  });
}

std::vector<elf::SymbolIndex> ShippedModule::named(std::string_view name) const {
  const auto begin =
      std::lower_bound(by_name_.begin(), by_name_.end(), name,
                       [&](elf::SymbolIndex index, std::string_view key) { return object_.symbols[index].name < key; });
  const auto end = std::upper_bound(begin, by_name_.end(), name, [&](std::string_view key, elf::SymbolIndex index) {
    return key < object_.symbols[index].name;
  });
  return {begin, end};
}

bool ShippedModule::is_core(elf::SymbolIndex symbol) const {
  const auto& candidate = object_.symbols[symbol];
  if (!candidate.is_defined() || candidate.name.empty()) return false;
  const auto& section = object_.sections[candidate.section];
  // The loader places .init* apart (module_init_section()), and takes .modinfo and __versions out of
  // what it keeps (setup_load_info(), rewrite_section_headers()).
  return section.is_allocated() && !section.name.starts_with(".init") && section.name != ".modinfo" &&
         section.name != "__versions";
}

ShippedModule::Count ShippedModule::count_coming(elf::SymbolIndex symbol) const {
  Count count;
  for (const auto other : named(object_.symbols[symbol].name)) {
    ++count.all;
    if (other == symbol) count.number = count.all;
  }
  return count;
}

ShippedModule::Count ShippedModule::count_live(elf::SymbolIndex symbol) const {
  Count count;
  for (const auto other : named(object_.symbols[symbol].name)) {
    if (!is_core(other)) continue;
    ++count.all;
    if (other == symbol) count.number = count.all;
  }
  return count;
}

std::optional<std::size_t> ShippedModule::coming_position(elf::SymbolIndex symbol) const {
  const auto count = count_coming(symbol);
  return count.number == 0 ? std::nullopt : std::optional(count.position());
}

std::optional<std::size_t> ShippedModule::live_position(elf::SymbolIndex symbol) const {
  const auto count = count_live(symbol);
  return count.number == 0 ? std::nullopt : std::optional(count.position());
}

Result<std::size_t> ShippedModule::position_of(elf::SymbolIndex symbol) const {
  const auto coming = count_coming(symbol);
  const auto live = count_live(symbol);
  const auto& name = object_.symbols[symbol].name;
  if (live.number == 0)
    return fail("{}: '{}' (symbol {}) is gone once the module is initialised", file_name_, name, symbol);
  if (coming.number != live.number)
    return fail(
        "{}: '{}' (symbol {}) is number {} of its name while the module is loaded, and number {} afterwards: init code "
        "or data has the same name",
        file_name_, name, symbol, coming.number, live.number);
  return coming.position();
}

}  // namespace suture::image
