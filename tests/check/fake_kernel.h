// A shipped kernel for tests: kernel.S, linked to the addresses of a kernel, with one module, target.S.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>

#include "check/shipped.h"
#include "fixture.h"

namespace suture::check::testing {

class FakeKernel final : public Shipped {
 public:
  explicit FakeKernel(const char* fixture = SUTURE_FIXTURE_KERNEL) {
    link(read_fixture(fixture));
    const bool tracks_indirect_branches = !symbols("__ibt_endbr_seal").empty();
    if (tracks_indirect_branches) {
      layouts["alt_instr"] = later_alternatives();
      orc_header_ = {0x0c};
    }
    const auto* target = tracks_indirect_branches ? SUTURE_FIXTURE_TARGET_IBT : SUTURE_FIXTURE_TARGET;
    target_bytes_ = elf::write_object(read_fixture(target)).value();
    target_ = std::make_unique<ModuleFile>(ModuleFile::parse(target_bytes_, "demo.ko").value());
    std::uint32_t crc = 0x1000;
    for (const auto* name :
         {"__fentry__", "__x86_return_thunk", "__x86_indirect_thunk_rax", "_printk", "klp_enable_patch", "feature_key",
          "pv_ops", "BUG_func", "__SCT__tick", "__SCK__tick", "vmlinux_build_id", "module_layout"})
      exports[name] = {
          .crc = ++crc, .name = name, .module = "vmlinux", .module_name = "vmlinux", .kind = "EXPORT_SYMBOL", .ns = ""};
  }

  // Tests may change these.
  std::map<std::string, image::Export, std::less<>> exports;
  std::map<std::string, image::Layout, std::less<>> layouts = usual_layouts();

  const std::string& release() const override { return release_; }
  const std::string& vermagic() const override { return vermagic_; }
  const std::string& build_id() const override { return build_id_; }

  ByteView orc_header() const override { return orc_header_; }

  std::vector<KernelSymbol> symbols(std::string_view name) const override {
    std::vector<KernelSymbol> found;
    std::copy_if(symbols_.begin(), symbols_.end(), std::back_inserter(found),
                 [&](const auto& each) { return each.name == name; });
    return found;
  }
  std::optional<KernelSymbol> symbol_at(std::uint64_t address) const override {
    const auto found = std::find_if(symbols_.begin(), symbols_.end(),
                                    [&](const auto& each) { return address >= each.begin && address < each.end; });
    return found != symbols_.end() ? std::optional(*found) : std::nullopt;
  }
  Result<ByteView> bytes(std::uint64_t address, std::uint64_t length) const override {
    for (const auto& [begin, content] : memory_)
      if (address >= begin && address - begin <= content.size() && length <= content.size() - (address - begin))
        return ByteView(content).subspan(address - begin, length);
    return fail("the test's kernel has nothing at {:#x}", address);
  }
  bool is_traceable(std::uint64_t function) const override {
    const auto entry = symbols("__fentry__").at(0).begin;
    const auto first = bytes(function, 4);
    if (first && load_le<std::uint32_t>(*first, 0) == 0xfa1e0ff3) function += 4;  // endbr64
    const auto code = bytes(function, 5);
    return code && (*code)[0] == 0xe8 &&
           function + 5 + static_cast<std::uint64_t>(static_cast<std::int64_t>(load_le<std::int32_t>(*code, 1))) ==
               entry;
  }
  bool in_init(std::uint64_t address) const override { return address >= init_base; }
  std::uint64_t text_begin() const override { return text_base; }
  std::uint64_t text_end() const override { return text_base + memory_.at(text_base).size(); }
  Result<image::Layout> layout(std::string_view structure) const override {
    const auto found = layouts.find(structure);
    if (found == layouts.end()) return fail("the test's kernel has no struct {}", structure);
    return found->second;
  }
  const image::Export* find_export(std::string_view symbol) const override {
    const auto found = exports.find(symbol);
    return found != exports.end() ? &found->second : nullptr;
  }
  Result<const ModuleFile*> module(std::string_view name) const override {
    return name == "demo" ? target_.get() : nullptr;
  }
  Result<std::vector<std::string>> importers(std::string_view symbol) const override {
    const auto imports = [&](const Symbol& each) { return !each.is_defined() && each.name == symbol; };
    if (std::none_of(target_->symbols().begin(), target_->symbols().end(), imports)) return std::vector<std::string>();
    return std::vector<std::string>{"demo"};
  }

 private:
  static constexpr std::uint64_t text_base = 0xffffffff81000000;
  static constexpr std::uint64_t data_base = 0xffffffff82000000;
  static constexpr std::uint64_t init_base = 0xffffffff83000000;

  /// Fields in the order of their names' bytes and widths: {name, offset, size}.
  struct Field {
    const char* name;
    std::uint64_t offset;
    std::uint64_t size;
  };
  static image::Layout structure(std::uint64_t size, std::initializer_list<Field> fields) {
    image::Layout layout{.size = size, .members = {}};
    for (const auto& field : fields)
      layout.members.push_back(
          {.name = field.name, .offset_bits = field.offset * 8, .size_bits = field.size * 8, .bit_field = false});
    return layout;
  }
  /// Since 6.3.
  static image::Layout later_alternatives() {
    return structure(14, {{"instr_offset", 0, 4},
                          {"repl_offset", 4, 4},
                          {"cpuid", 8, 2},
                          {"flags", 10, 2},
                          {"instrlen", 12, 1},
                          {"replacementlen", 13, 1}});
  }
  static std::map<std::string, image::Layout, std::less<>> usual_layouts() {
    auto orc = structure(6, {{"sp_offset", 0, 2}, {"bp_offset", 2, 2}});
    orc.members.push_back({.name = "sp_reg", .offset_bits = 32, .size_bits = 4, .bit_field = true});
    return {
        {"module", structure(128, {{"name", 24, 56}, {"init", 80, 8}, {"exit", 88, 8}})},
        {"klp_patch", structure(200, {{"mod", 0, 8}, {"objs", 8, 8}, {"states", 16, 8}, {"replace", 24, 1}})},
        {"klp_object", structure(168, {{"name", 0, 8}, {"funcs", 8, 8}, {"callbacks", 16, 40}})},
        {"klp_callbacks",
         structure(40, {{"pre_patch", 0, 8}, {"post_patch", 8, 8}, {"pre_unpatch", 16, 8}, {"post_unpatch", 24, 8}})},
        {"klp_func", structure(152, {{"old_name", 0, 8}, {"new_func", 8, 8}, {"old_sympos", 16, 8}})},
        {"klp_state", structure(24, {{"id", 0, 8}, {"version", 8, 4}})},
        {"alt_instr", structure(12, {{"instr_offset", 0, 4},
                                     {"repl_offset", 4, 4},
                                     {"cpuid", 8, 2},
                                     {"instrlen", 10, 1},
                                     {"replacementlen", 11, 1}})},
        {"cpuinfo_x86", structure(256, {{"x86_capability", 32, 92}})},
        {"paravirt_patch_site", structure(16, {{"instr", 0, 8}, {"type", 8, 1}, {"len", 9, 1}})},
        {"jump_entry", structure(16, {{"code", 0, 4}, {"target", 4, 4}, {"key", 8, 8}})},
        {"static_call_site", structure(8, {{"addr", 0, 4}, {"key", 4, 4}})},
        {"exception_table_entry", structure(12, {{"insn", 0, 4}, {"fixup", 4, 4}, {"data", 8, 4}})},
        {"bug_entry", structure(12, {{"bug_addr_disp", 0, 4}, {"file_disp", 4, 4}, {"line", 8, 2}, {"flags", 10, 2}})},
        {"orc_entry", orc}};
  }

  static char type_of(const elf::Symbol& symbol, const elf::Object& object) {
    if (!object.sections[symbol.section].is_code()) return 'd';
    return symbol.is_local() ? 't' : 'T';
  }

  void link(const elf::Object& object) {
    std::map<elf::SectionIndex, std::uint64_t> bases;
    for (elf::SectionIndex i = 1; i < object.sections.size(); ++i) {
      const auto& section = object.sections[i];
      const auto base = section.name == ".text"        ? text_base
                        : section.name == ".data"      ? data_base
                        : section.name == ".init.text" ? init_base
                                                       : 0;
      if (base == 0) continue;
      bases[i] = base;
      memory_[base] = section.data;
    }
    for (const auto& [index, base] : bases)
      for (const auto& relocation : object.sections[index].relocations) {
        const auto& symbol = object.symbols[relocation.symbol];
        const auto place = base + relocation.offset;
        const auto value =
            bases.at(symbol.section) + symbol.value + static_cast<std::uint64_t>(relocation.addend) - place;
        store_le(std::span(memory_[base]), relocation.offset, static_cast<std::uint32_t>(value));
      }
    for (const auto& symbol : object.symbols)
      if (!symbol.name.empty() && bases.contains(symbol.section))
        symbols_.push_back({.name = symbol.name,
                            .begin = bases[symbol.section] + symbol.value,
                            .end = bases[symbol.section] + symbol.value + symbol.size,
                            .type = type_of(symbol, object)});
    std::stable_sort(symbols_.begin(), symbols_.end(), [](const auto& a, const auto& b) { return a.begin < b.begin; });
  }

  std::string release_ = "6.1.0-test";
  std::string vermagic_ = "6.1.0-test SMP mod_unload ";
  std::string build_id_ = "abababababababababababababababababababab";
  Bytes orc_header_;
  std::map<std::uint64_t, Bytes> memory_;
  std::vector<KernelSymbol> symbols_;
  Bytes target_bytes_;
  std::unique_ptr<ModuleFile> target_;
};

}  // namespace suture::check::testing
