// A relocatable x86-64 object file as a value: sections that carry their own relocations, and one
// symbol table. String tables, the symbol table and relocation sections are not sections here; they
// are read away and written anew. Sources: System V gABI, chapters 4 and 5; x86-64 psABI, 4.4.
#pragma once

#include <elf.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace suture::elf {

using SectionIndex = std::uint32_t;
using SymbolIndex = std::uint32_t;

// include/uapi/linux/elf.h: the kernel's own marks for livepatch modules.
constexpr std::uint64_t shf_rela_livepatch = 0x00100000;
constexpr SectionIndex shn_livepatch = 0xff20;

struct Relocation {
  std::uint64_t offset = 0;  ///< into the section that carries it
  std::uint32_t type = 0;    ///< R_X86_64_*
  SymbolIndex symbol = 0;
  std::int64_t addend = 0;
  bool operator==(const Relocation&) const = default;
};

/// Relocations that the kernel's livepatch core applies, not the module loader:
/// a section `.klp.rela.OBJECT.SECTION`.
struct LivepatchRelocations {
  std::string name = {};
  std::vector<Relocation> relocations = {};
  bool operator==(const LivepatchRelocations&) const = default;
};

struct Section {
  std::string name = {};
  std::uint32_t type = SHT_PROGBITS;
  std::uint64_t flags = 0;
  std::uint64_t alignment = 1;
  std::uint64_t entry_size = 0;
  SectionIndex link = 0;   ///< sh_link where it names a section (SHF_LINK_ORDER)
  Bytes data = {};              ///< empty for SHT_NOBITS
  std::uint64_t size = 0;  ///< data.size(), or what SHT_NOBITS reserves
  std::vector<Relocation> relocations = {};
  std::vector<LivepatchRelocations> livepatch_relocations = {};

  bool is_code() const { return (flags & SHF_EXECINSTR) != 0; }
  bool is_allocated() const { return (flags & SHF_ALLOC) != 0; }
  bool is_writable() const { return (flags & SHF_WRITE) != 0; }
  bool is_strings() const { return (flags & SHF_STRINGS) != 0; }
  bool operator==(const Section&) const = default;
};

struct Symbol {
  std::string name = {};
  std::uint64_t value = 0;
  std::uint64_t size = 0;
  SectionIndex section = SHN_UNDEF;  ///< index into Object::sections, or SHN_UNDEF, SHN_ABS, SHN_COMMON, shn_livepatch
  std::uint8_t bind = STB_LOCAL;
  std::uint8_t type = STT_NOTYPE;
  std::uint8_t other = 0;

  bool is_defined() const { return section != SHN_UNDEF && section < SHN_LORESERVE; }
  bool is_local() const { return bind == STB_LOCAL; }
  bool is_function() const { return type == STT_FUNC; }
  bool is_section() const { return type == STT_SECTION; }
  bool operator==(const Symbol&) const = default;
};

struct Object {
  std::vector<Section> sections{Section{.type = SHT_NULL, .alignment = 0}};  ///< [0] is the null section
  std::vector<Symbol> symbols{Symbol{}};                                     ///< [0] is the null symbol

  /// The first section of this name, or 0.
  SectionIndex find_section(std::string_view name) const;
  /// The first symbol of this name, or 0.
  SymbolIndex find_symbol(std::string_view name) const;

  SectionIndex add(Section section);
  SymbolIndex add(Symbol symbol);
};

/// Reads an ET_REL file for x86-64. After success every section index, symbol index and
/// relocation offset in the object is within bounds, functions and globals have names, and no global
/// is defined twice. `name` is what errors call the file.
Result<Object> read_object(ByteView file, std::string_view name);

/// Writes an ET_REL file. Equal objects give equal bytes. Symbols are reordered (locals first, as
/// the gABI demands), keeping their order otherwise.
Result<Bytes> write_object(const Object& object);

}  // namespace suture::elf
