// The names by which livepatch finds its way (Documentation/livepatch/module-elf-format.rst):
//   symbols   .klp.sym.OBJECT.NAME,POSITION
//   sections  .klp.rela.OBJECT.SECTION
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace suture::check {

// MODULE_NAME_LEN and KSYM_NAME_LEN with their final NUL (include/linux/module.h, kallsyms.h).
constexpr std::size_t module_name_limit = 56;
constexpr std::size_t symbol_name_limit = 512;

constexpr std::string_view livepatch_symbol_prefix = ".klp.sym.";
constexpr std::string_view livepatch_section_prefix = ".klp.rela.";

struct LivepatchSymbolName {
  std::string object;
  std::string name;
  std::uint64_t position = 0;
};

struct LivepatchSectionName {
  std::string object;
  std::string section;  ///< ".text.foo"
};

/// As klp_resolve_symbols() and klp_apply_section_relocs() scan them, but nothing may follow, and
/// nothing may be cut off. None for any other name.
std::optional<LivepatchSymbolName> parse_livepatch_symbol(std::string_view name);
std::optional<LivepatchSectionName> parse_livepatch_section(std::string_view name);

}  // namespace suture::check
