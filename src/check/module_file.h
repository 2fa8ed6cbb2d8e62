// A kernel module's file as the loader reads it, by way of libelf. The code that makes modules
// (src/elf, src/patch) reads ELF in its own way; the verifier must not share its mistakes, so this
// reader stands alone.
#pragma once

#include <elf.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace suture::check {

// include/uapi/linux/elf.h
constexpr std::uint64_t shf_rela_livepatch = 0x00100000;
constexpr std::uint32_t shn_livepatch = 0xff20;

struct Relocation {
  std::uint64_t offset = 0;  ///< into the section that it changes
  std::uint32_t type = 0;    ///< R_X86_64_*
  std::uint32_t symbol = 0;  ///< less than ModuleFile::symbols().size()
  std::int64_t addend = 0;
  std::uint32_t from = 0;  ///< index of the relocation section that holds it
};

/// Bytes that a relocation of this type writes; none for a type that the loader does not know.
std::optional<std::uint64_t> width_of(std::uint32_t type);

struct Section {
  std::string name;
  std::uint32_t index = 0;
  std::uint32_t type = SHT_NULL;
  std::uint64_t flags = 0;
  std::uint64_t size = 0;
  std::uint64_t alignment = 0;
  std::uint32_t link = 0;
  std::uint32_t info = 0;
  ByteView data;                        ///< size bytes; none for SHT_NOBITS
  std::vector<Relocation> relocations;  ///< all that change this section, livepatch's too, by offset

  bool is_code() const { return (flags & SHF_EXECINSTR) != 0; }
  bool is_allocated() const { return (flags & SHF_ALLOC) != 0; }
  bool is_writable() const { return (flags & SHF_WRITE) != 0; }
  bool is_livepatch() const { return (flags & shf_rela_livepatch) != 0; }
  /// Given back to the kernel when the module's init has run (module_init_section(),
  /// kernel/module/main.c; Debian's kernels keep .exit sections, for CONFIG_MODULE_UNLOAD is set).
  bool is_init() const { return name.starts_with(".init"); }
};

/// Tables that describe code to the kernel, and neither run nor call it: ".orc_unwind_ip".
bool describes_code(std::string_view section);

struct Symbol {
  std::string name;
  std::uint64_t value = 0;
  std::uint64_t size = 0;
  std::uint32_t section = SHN_UNDEF;  ///< a section's index, or SHN_UNDEF, SHN_ABS, SHN_COMMON, shn_livepatch
  std::uint8_t bind = STB_LOCAL;
  std::uint8_t type = STT_NOTYPE;

  /// Its name begins with ".L.", which is left out here: for the kernel it is none (is_mapping_symbol()), and the
  /// function belongs to the one before it.
  bool is_nameless = false;

  bool is_defined() const { return section != SHN_UNDEF && section < SHN_LORESERVE; }
  bool is_function() const { return type == STT_FUNC; }
};

/// A byte of a section: what a relocation refers to.
struct Place {
  std::uint32_t section = 0;
  std::uint64_t offset = 0;
  bool operator==(const Place&) const = default;
  auto operator<=>(const Place&) const = default;
};

struct ModinfoEntry {
  std::string key;
  std::string value;
};

class ModuleFile {
 public:
  /// Reads an ET_REL file for x86-64. After success section and symbol indices lie within bounds,
  /// and every relocation refers to an existing symbol; its offset may still lie anywhere.
  /// `file` must outlive the result. `name` is what errors call it.
  static Result<ModuleFile> parse(ByteView file, std::string_view name);

  const std::string& name() const { return name_; }
  const std::vector<Section>& sections() const { return sections_; }
  const std::vector<Symbol>& symbols() const { return symbols_; }
  std::uint32_t symbol_table() const { return symbol_table_; }  ///< its section's index

  /// The first section of this name that has SHF_ALLOC, as the loader's find_sec(); or none.
  const Section* find(std::string_view name) const;
  const Section& section(std::uint32_t index) const { return sections_[index]; }
  const Symbol& symbol(const Relocation& relocation) const { return symbols_[relocation.symbol]; }

  /// The first symbol of this name that is defined here, a global one if there is one, or none.
  const Symbol* find_symbol(std::string_view name) const;

  /// The relocation that changes exactly this place, or none.
  const Relocation* relocation_at(Place place) const;

  /// The relocations that change the bytes from `place` up to `place` plus `size`.
  std::span<const Relocation> relocations_in(Place place, std::uint64_t size) const;

  /// Where the symbol's value plus the addend lies; none unless the symbol is defined here.
  std::optional<Place> target(const Relocation& relocation) const;

  /// The function (STT_FUNC) that begins at `place`, or that covers it. Of aliases the first that
  /// has a size. None for other code and data.
  const Symbol* function_at(Place place) const;
  const Symbol* function_covering(Place place) const;

  /// Whether a function's symbol is the name that objtool gives to the padding before another one
  /// (`__pfx_foo`, CONFIG_PREFIX_SYMBOLS): nothing calls it.
  bool is_padding(const Symbol& function) const;

  /// How far the kernel takes a function to reach that begins at `place`: up to the next symbol that has a
  /// name, or the section's end (find_kallsyms_symbol(), kernel/module/kallsyms.c). The end of the memory that
  /// the loader gives to code, which may be later, is left out.
  std::uint64_t reach(Place place) const;

  /// "function+0x12", or "section+0x12" outside of functions.
  std::string describe(Place place) const;

  /// The entries of .modinfo in order. An entry without '=' has an empty value.
  std::vector<ModinfoEntry> modinfo() const;
  /// The first value, as the loader's get_modinfo().
  std::optional<std::string> modinfo(std::string_view key) const;

  /// The GNU build-id in lower-case hexadecimal; empty if there is none.
  std::string build_id() const;

 private:
  explicit ModuleFile(std::string name) : name_(std::move(name)) {}
  friend class ModuleFileReader;

  std::string name_;
  std::vector<Section> sections_;
  std::vector<Symbol> symbols_;
  std::uint32_t symbol_table_ = 0;
  std::vector<std::uint32_t> functions_;  ///< indices of sized functions, by place
};

/// The module without the signature that scripts/sign-file appends, and that signature's length;
/// the whole file and 0 if it has none. Damaged signatures are left for the loader to refuse.
struct Unsigned {
  ByteView module;
  std::uint64_t signature = 0;
};
Unsigned strip_signature(ByteView file);

}  // namespace suture::check
