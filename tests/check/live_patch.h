// The live patch of live_patch.S, which has no fault, for tests to put one into.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "check/check.h"
#include "fake_kernel.h"
#include "fixture.h"

namespace suture::check::testing {

class LivePatchTest : public ::testing::Test {
 protected:
  explicit LivePatchTest(const char* kernel_fixture = SUTURE_FIXTURE_KERNEL,
                         const char* module_fixture = SUTURE_FIXTURE_LIVE_PATCH)
      : kernel(kernel_fixture), module(read_fixture(module_fixture)) {
    set_livepatch_relocations_apart();
    add_versions();
  }

  FakeKernel kernel;
  elf::Object module;

  CheckReport check() const {
    const auto file = elf::write_object(module).value();
    auto report = check_module(file, "good.ko", kernel);
    if (!report) throw std::runtime_error(report.error().describe());
    return std::move(*report);
  }

  /// Whether the check, as the module is now, has a finding of this kind; at a place that begins with
  /// `place`, and for a reason that contains `reason`.
  ::testing::AssertionResult finds(const std::string& id, const std::string& place = "",
                                   const std::string& reason = "") const {
    const auto report = check();
    for (const auto& each : report.findings)
      if (each.id == id && each.place.starts_with(place) && each.reason.find(reason) != std::string::npos)
        return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << "no finding " << id << " at '" << place << "'; but:\n"
                                         << text(report.findings);
  }

  static std::string text(const std::vector<Finding>& findings) {
    std::string all;
    for (const auto& each : findings) all += fmt::format("  {} | {} | {}\n", each.id, each.place, each.reason);
    return all;
  }

  elf::Section& section(const std::string& name) {
    const auto index = module.find_section(name);
    if (index == 0) throw std::runtime_error("no section " + name);
    return module.sections[index];
  }
  elf::Symbol& symbol(const std::string& name) { return module.symbols[symbol_index(name)]; }
  elf::SymbolIndex symbol_index(const std::string& name) const {
    const auto index = module.find_symbol(name);
    if (index == 0) throw std::runtime_error("no symbol " + name);
    return index;
  }

  /// Takes `size` bytes at `offset` out of a section, with the relocations in them.
  void cut(const std::string& name, std::uint64_t offset, std::uint64_t size) {
    auto& from = section(name);
    from.data.erase(from.data.begin() + static_cast<std::ptrdiff_t>(offset),
                    from.data.begin() + static_cast<std::ptrdiff_t>(offset + size));
    from.size -= size;
    const auto move = [&](std::vector<elf::Relocation>& relocations) {
      std::erase_if(relocations,
                    [&](const auto& each) { return each.offset >= offset && each.offset < offset + size; });
      for (auto& each : relocations)
        if (each.offset >= offset) each.offset -= size;
    };
    move(from.relocations);
    for (auto& table : from.livepatch_relocations) move(table.relocations);
  }

  /// Takes the first entry that leads to `function` plus `offset` out of a table of `size` bytes an entry.
  void drop_entry(const std::string& table, std::uint64_t size, const std::string& function, std::int64_t offset) {
    cut(table, entry(table, function, offset) / size * size, size);
  }
  /// The offset of the field in `table` that leads to `function` plus `offset`.
  std::uint64_t entry(const std::string& table, const std::string& function, std::int64_t offset) {
    const auto& target = symbol(function);
    for (const auto& each : section(table).relocations) {
      const auto& to = module.symbols[each.symbol];
      if (to.section == target.section &&
          to.value + static_cast<std::uint64_t>(each.addend) == target.value + static_cast<std::uint64_t>(offset))
        return each.offset;
    }
    throw std::runtime_error(fmt::format("{} has no entry for {}+{:#x}", table, function, offset));
  }

  /// The relocation that changes `section` at `offset`.
  elf::Relocation& relocation(const std::string& name, std::uint64_t offset) {
    for (auto& each : section(name).relocations)
      if (each.offset == offset) return each;
    for (auto& table : section(name).livepatch_relocations)
      for (auto& each : table.relocations)
        if (each.offset == offset) return each;
    throw std::runtime_error(fmt::format("{} has no relocation at {:#x}", name, offset));
  }
  /// The first relocation of `section` whose symbol has this name.
  elf::Relocation& use_of(const std::string& name, const std::string& used) {
    const auto wanted = symbol_index(used);
    for (auto& each : section(name).relocations)
      if (each.symbol == wanted) return each;
    for (auto& table : section(name).livepatch_relocations)
      for (auto& each : table.relocations)
        if (each.symbol == wanted) return each;
    throw std::runtime_error(fmt::format("{} does not use {}", name, used));
  }
  /// `symbol` begins `offset` bytes into its section.
  std::uint64_t place(const std::string& name, std::uint64_t offset = 0) { return symbol(name).value + offset; }

  /// Where bytes occur in a function, from its start.
  std::uint64_t find(const std::string& function, std::initializer_list<std::uint8_t> bytes) {
    const auto& target = symbol(function);
    const auto& code = module.sections[target.section].data;
    const auto begin = code.begin() + static_cast<std::ptrdiff_t>(target.value);
    const auto end = begin + static_cast<std::ptrdiff_t>(target.size);
    const auto found = std::search(begin, end, bytes.begin(), bytes.end());
    if (found == end) throw std::runtime_error("no such bytes in " + function);
    return static_cast<std::uint64_t>(found - begin);
  }

  /// An entry of .modinfo, as "key=value", changed to another.
  void change_modinfo(const std::string& from, const std::string& to) {
    auto& info = section(".modinfo");
    auto text = std::string(as_text(info.data));
    const auto at = text.find(from + '\0');
    if (at == std::string::npos) throw std::runtime_error("no " + from);
    text.replace(at, from.size() + 1, to.empty() ? "" : to + '\0');
    info.data.assign(text.begin(), text.end());
    info.size = info.data.size();
  }

  /// The offset in __versions of a symbol's CRC.
  std::uint64_t version(const std::string& name) {
    const auto& data = section("__versions").data;
    for (std::uint64_t at = 0; at + 64 <= data.size(); at += 64)
      if (Reader(data, "").string(at + 8).value() == name) return at;
    throw std::runtime_error("no version of " + name);
  }

 private:
  /// "foo,0" of object vmlinux in .text -> a relocation in .klp.rela.vmlinux..text.
  void set_livepatch_relocations_apart() {
    for (auto& section : module.sections) {
      for (const auto& each : section.relocations) {
        auto& symbol = module.symbols[each.symbol];
        if (!symbol.name.starts_with(".klp.sym.")) continue;
        symbol.section = elf::shn_livepatch;
        const auto object = symbol.name.substr(9, symbol.name.find('.', 9) - 9);
        const auto name = fmt::format(".klp.rela.{}.{}", object, section.name);
        auto& tables = section.livepatch_relocations;
        auto table = std::find_if(tables.begin(), tables.end(), [&](const auto& known) { return known.name == name; });
        if (table == tables.end()) table = tables.insert(tables.end(), {.name = name, .relocations = {}});
        table->relocations.push_back(each);
      }
      std::erase_if(section.relocations,
                    [&](const auto& each) { return module.symbols[each.symbol].section == elf::shn_livepatch; });
    }
  }

  void add_versions() {
    elf::Section versions{.name = "__versions", .flags = SHF_ALLOC, .alignment = 32};
    const auto add = [&](const std::string& name) {
      append_le<std::uint64_t>(versions.data, kernel.exports.at(name).crc);
      versions.data.insert(versions.data.end(), name.begin(), name.end());
      versions.data.resize(align_up(versions.data.size(), 64), 0);
    };
    add("module_layout");
    for (std::size_t i = 1; i < module.symbols.size(); ++i)
      if (module.symbols[i].section == SHN_UNDEF) add(module.symbols[i].name);
    versions.size = versions.data.size();
    module.add(std::move(versions));
  }
};

}  // namespace suture::check::testing
