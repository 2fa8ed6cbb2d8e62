// Linkers for tests: small objects become a kernel with addresses, or a module.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "elf/object.h"
#include "image/kallsyms.h"
#include "patch/instructions.h"

namespace suture::patch::testing {

struct LinkedKernel {
  static constexpr std::uint64_t base = 0xffffffff81000000;
  Bytes memory = {};
  std::vector<image::KernelSymbol> symbols = {};

  std::uint8_t& at(std::uint64_t address) { return memory[address - base]; }
  std::uint64_t address_of(std::string_view name, std::size_t number = 0) const {
    for (const auto& symbol : symbols)
      if (symbol.name == name && number-- == 0) return symbol.address;
    return 0;
  }
};

/// Places the objects' sections one after the other, keeps one copy of equal strings, resolves
/// names (strong before weak), and applies relocations. Undefined names become 0.
class KernelLinker {
 public:
  explicit KernelLinker(std::vector<elf::Object> objects) : objects_(std::move(objects)) {}

  LinkedKernel link() {
    place_sections();
    place_symbols();
    for (std::size_t file = 0; file < objects_.size(); ++file)
      for (elf::SectionIndex section = 1; section < objects_[file].sections.size(); ++section)
        for (const auto& relocation : objects_[file].sections[section].relocations) apply(file, section, relocation);
    std::stable_sort(kernel_.symbols.begin(), kernel_.symbols.end(),
                     [](const auto& a, const auto& b) { return a.address < b.address; });
    return std::move(kernel_);
  }

 private:
  void place_sections() {
    for (const auto& object : objects_) {
      auto& places = places_.emplace_back(object.sections.size());
      for (elf::SectionIndex index = 1; index < object.sections.size(); ++index) {
        const auto& section = object.sections[index];
        if ((section.flags & SHF_MERGE) != 0) continue;
        kernel_.memory.resize(align_up(kernel_.memory.size(), 16));
        places[index] = LinkedKernel::base + kernel_.memory.size();
        kernel_.memory.insert(kernel_.memory.end(), section.data.begin(), section.data.end());
      }
    }
  }

  void place_symbols() {
    for (std::size_t file = 0; file < objects_.size(); ++file)
      for (const auto& symbol : objects_[file].symbols) {
        if (!symbol.is_defined() || symbol.is_section()) continue;
        const auto address = places_[file][symbol.section] + symbol.value;
        if (symbol.bind == STB_GLOBAL) globals_[symbol.name] = address;
        if (symbol.bind == STB_WEAK) globals_.try_emplace(symbol.name, address);
      }
    for (std::size_t file = 0; file < objects_.size(); ++file)
      for (const auto& symbol : objects_[file].symbols) {
        if (!symbol.is_defined() || symbol.is_section()) continue;
        const auto address = places_[file][symbol.section] + symbol.value;
        const char type = objects_[file].sections[symbol.section].is_code() ? 't' : 'd';
        if (symbol.bind == STB_LOCAL) {
          kernel_.symbols.push_back({symbol.name, address, type});
        } else if (globals_[symbol.name] == address) {
          const auto upper = symbol.bind == STB_WEAK ? 'W' : static_cast<char>(type - 'a' + 'A');
          kernel_.symbols.push_back({symbol.name, address, upper});
        }
      }
  }

  std::uint64_t string_at(const elf::Section& section, std::uint64_t offset) {
    const std::string text(reinterpret_cast<const char*>(section.data.data() + offset));
    const auto [place, is_new] = strings_.try_emplace(text, LinkedKernel::base + kernel_.memory.size());
    if (is_new) kernel_.memory.insert(kernel_.memory.end(), text.c_str(), text.c_str() + text.size() + 1);
    return place->second;
  }

  void apply(std::size_t file, elf::SectionIndex section, const elf::Relocation& relocation) {
    const auto& object = objects_[file];
    const auto& symbol = object.symbols[relocation.symbol];
    const auto addend = static_cast<std::uint64_t>(relocation.addend);
    std::uint64_t value = 0;
    if (symbol.is_defined() && (object.sections[symbol.section].flags & SHF_MERGE) != 0) {
      value = string_at(object.sections[symbol.section], symbol.value + addend);
    } else if (symbol.is_defined() && symbol.is_local()) {
      value = places_[file][symbol.section] + symbol.value + addend;
    } else {
      const auto global = globals_.find(symbol.name);
      value = (global == globals_.end() ? 0 : global->second) + addend;
    }
    const auto place = places_[file][section] + relocation.offset;
    if (is_pc_relative(relocation.type)) value -= place;
    const auto offset = place - LinkedKernel::base;
    if (relocation_size(relocation.type) == 8) {
      store_le(kernel_.memory, offset, value);
    } else {
      store_le(kernel_.memory, offset, static_cast<std::uint32_t>(value));
    }
  }

  std::vector<elf::Object> objects_;
  std::vector<std::vector<std::uint64_t>> places_ = {};
  std::map<std::string, std::uint64_t> globals_ = {};
  std::map<std::string, std::uint64_t> strings_ = {};
  LinkedKernel kernel_ = {};
};

inline LinkedKernel link_kernel(std::vector<elf::Object> objects) { return KernelLinker(std::move(objects)).link(); }

/// What `ld -r` and modpost make of the objects: sections of one name joined, and a .modinfo.
inline elf::Object link_module(const std::vector<elf::Object>& objects) {
  elf::Object module;
  constexpr std::string_view modinfo("name=sample\0vermagic=6.1.0 SMP \0", 32);
  module.add(elf::Section{
      .name = ".modinfo", .flags = SHF_ALLOC, .data = {modinfo.begin(), modinfo.end()}, .size = modinfo.size()});
  std::map<std::string, elf::SymbolIndex> globals;
  for (const auto& object : objects) {
    std::vector<elf::SectionIndex> sections(object.sections.size());
    std::vector<std::uint64_t> shifts(object.sections.size());
    for (elf::SectionIndex index = 1; index < object.sections.size(); ++index) {
      const auto& section = object.sections[index];
      sections[index] = module.find_section(section.name);
      if (sections[index] == 0) {
        auto joined = section;
        joined.data.clear();
        joined.relocations.clear();
        sections[index] = module.add(std::move(joined));
        module.add(elf::Symbol{.section = sections[index], .type = STT_SECTION});
      }
      auto& joined = module.sections[sections[index]];
      joined.data.resize(align_up(joined.data.size(), section.alignment));
      shifts[index] = joined.data.size();
      joined.data.insert(joined.data.end(), section.data.begin(), section.data.end());
      joined.size = joined.data.size();
    }
    std::vector<elf::SymbolIndex> symbols(object.symbols.size());
    for (elf::SymbolIndex index = 1; index < object.symbols.size(); ++index) {
      auto symbol = object.symbols[index];
      if (symbol.is_defined()) {
        symbol.section = sections[symbol.section];
        symbol.value += shifts[object.symbols[index].section];
      }
      if (symbol.is_section()) continue;
      if (symbol.is_local()) {
        symbols[index] = module.add(symbol);
      } else if (const auto [known, is_new] = globals.try_emplace(symbol.name, 0); is_new) {
        symbols[index] = known->second = module.add(symbol);
      } else {
        symbols[index] = known->second;
        if (symbol.is_defined()) module.symbols[known->second] = symbol;
      }
    }
    for (elf::SectionIndex index = 1; index < object.sections.size(); ++index)
      for (auto relocation : object.sections[index].relocations) {
        const auto& symbol = object.symbols[relocation.symbol];
        relocation.offset += shifts[index];
        relocation.symbol = symbols[relocation.symbol];
        if (symbol.is_section()) {
          relocation.addend += static_cast<std::int64_t>(shifts[symbol.section]);
          for (elf::SymbolIndex joined = 1; joined < module.symbols.size(); ++joined)
            if (module.symbols[joined].is_section() && module.symbols[joined].section == sections[symbol.section])
              relocation.symbol = joined;
        }
        module.sections[sections[index]].relocations.push_back(relocation);
      }
  }
  return module;
}

}  // namespace suture::patch::testing
