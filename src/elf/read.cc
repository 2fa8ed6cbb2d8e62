#include <algorithm>
#include <string_view>
#include <unordered_set>

#include "elf/headers.h"
#include "elf/object.h"

namespace suture::elf {
namespace {

// No section of a kernel asks for more than a huge page.
constexpr std::uint64_t largest_alignment = std::uint64_t{2} << 20;
// The kernel and its modules live within 2 GiB; this leaves room for sums of addends.
constexpr std::int64_t largest_addend = std::int64_t{1} << 40;

class ObjectReader {
 public:
  ObjectReader(ByteView file, std::string_view name) : reader_(file, std::string(name)) {}

  Result<Object> read() {
    TRY(read_section_headers());
    TRY(read_sections());
    TRY(read_symbols());
    TRY(read_relocations());
    return std::move(object_);
  }

 private:
  const std::string& name() const { return reader_.name(); }

  Status read_section_headers() {
    auto headers = TRY(read_headers(reader_));
    if (headers.type != ET_REL)
      return fail("{}: is not a relocatable object (ELF type {}, expected {})", name(), headers.type, ET_REL);
    headers_ = std::move(headers.sections);
    section_names_ = std::move(headers.names);
    return {};
  }

  Result<Reader> content(std::uint64_t index, std::string what) const {
    const auto& header = headers_[index];
    const auto bytes = TRY(reader_.slice(header.sh_offset, header.sh_size), "{}", what);
    return Reader(bytes, name() + ": " + what);
  }

  Status read_sections() {
    new_index_.assign(headers_.size(), 0);
    for (std::size_t i = 1; i < headers_.size(); ++i) {
      const auto& header = headers_[i];
      const auto section_name = section_names_[i];
      if (header.sh_type == SHT_SYMTAB) {
        if (symtab_ != 0) return fail("{}: has two symbol tables (sections {} and {})", name(), symtab_, i);
        symtab_ = i;
        continue;
      }
      if (header.sh_type == SHT_SYMTAB_SHNDX) {
        symtab_shndx_ = i;
        continue;
      }
      // COMDAT groups matter to a linker that sees several objects; here there is one.
      if (header.sh_type == SHT_RELA || header.sh_type == SHT_STRTAB || header.sh_type == SHT_NULL ||
          header.sh_type == SHT_GROUP)
        continue;
      if (header.sh_type == SHT_REL)
        return fail("{}: section {} holds REL relocations; x86-64 uses RELA", name(), section_name);
      if ((header.sh_flags & SHF_COMPRESSED) != 0) return fail("{}: section {} is compressed", name(), section_name);
      Section section{.name = std::string(section_name),
                      .type = header.sh_type,
                      .flags = header.sh_flags & ~std::uint64_t{SHF_GROUP},
                      .alignment = header.sh_addralign,
                      .entry_size = header.sh_entsize,
                      .link = 0,
                      .data = {},
                      .size = header.sh_size};
      if ((header.sh_addralign & (header.sh_addralign - 1)) != 0 || header.sh_addralign > largest_alignment) {
        return fail("{}: section {} has alignment {}, not a power of two up to {}", name(), section_name,
                    header.sh_addralign, largest_alignment);
      }
      if (header.sh_type != SHT_NOBITS) {
        const auto bytes = TRY(reader_.slice(header.sh_offset, header.sh_size), "section {}", section_name);
        section.data.assign(bytes.begin(), bytes.end());
      }
      new_index_[i] = object_.add(std::move(section));
    }
    for (std::size_t i = 1; i < headers_.size(); ++i) {
      if (new_index_[i] == 0 || (headers_[i].sh_flags & SHF_LINK_ORDER) == 0) continue;
      if (headers_[i].sh_link >= headers_.size())
        return fail("{}: section {} links to section {}, which does not exist", name(), section_names_[i],
                    headers_[i].sh_link);
      object_.sections[new_index_[i]].link = new_index_[headers_[i].sh_link];
    }
    return {};
  }

  Result<SectionIndex> section_of(const Elf64_Sym& symbol, std::size_t index, std::string_view symbol_name) const {
    std::uint32_t section = symbol.st_shndx;
    if (section == SHN_XINDEX) {
      if (symtab_shndx_ == 0)
        return fail("{}: symbol {} needs an extended index table, which is missing", name(), index);
      const auto extended = TRY(content(symtab_shndx_, "extended section indices"));
      section = TRY(extended.at<std::uint32_t>(index * sizeof(std::uint32_t)));
    } else if (section >= SHN_LORESERVE) {
      return section;
    }
    if (section >= headers_.size())
      return fail("{}: symbol '{}' lies in section {}, which does not exist", name(), symbol_name, section);
    // A symbol in a table that is not kept (section symbols of .rela sections, say) has no use.
    return section != 0 && new_index_[section] == 0 ? SectionIndex{SHN_ABS} : new_index_[section];
  }

  Status read_symbols() {
    if (symtab_ == 0) return {};
    const auto& header = headers_[symtab_];
    if (header.sh_link >= headers_.size())
      return fail("{}: symbol table names string table {}, which does not exist", name(), header.sh_link);
    const auto table = TRY(content(symtab_, "symbol table"));
    const auto strings = TRY(content(header.sh_link, "symbol names"));
    const auto count = table.size() / sizeof(Elf64_Sym);
    std::unordered_set<std::string_view> globals;
    for (std::size_t i = 1; i < count; ++i) {
      const auto raw = TRY(load<Elf64_Sym>(table, i * sizeof(Elf64_Sym)));
      const auto symbol_name = raw.st_name == 0 ? std::string_view() : TRY(strings.string(raw.st_name));
      const auto section_index = TRY(section_of(raw, i, symbol_name));
      Symbol symbol{.name = std::string(symbol_name),
                    .value = raw.st_value,
                    .size = raw.st_size,
                    .section = section_index,
                    .bind = static_cast<std::uint8_t>(ELF64_ST_BIND(raw.st_info)),
                    .type = static_cast<std::uint8_t>(ELF64_ST_TYPE(raw.st_info)),
                    .other = raw.st_other};
      if (symbol.is_defined()) {
        const auto& section = object_.sections[symbol.section];
        if (symbol.value > section.size || symbol.size > section.size - symbol.value) {
          return fail("{}: symbol '{}' ({:#x}, {} bytes) does not fit section {} of {} bytes", name(), symbol_name,
                      symbol.value, symbol.size, section.name, section.size);
        }
      }
      const bool is_thing = symbol.type == STT_FUNC || symbol.type == STT_OBJECT;
      if (symbol.name.empty() && (is_thing || !symbol.is_local())) return fail("{}: symbol {} has no name", name(), i);
      if (symbol.is_defined() && !symbol.is_local() && !globals.insert(symbol_name).second)
        return fail("{}: symbol '{}' is global, and defined twice", name(), symbol_name);
      object_.add(std::move(symbol));
    }
    return {};
  }

  Status read_relocations() {
    for (std::size_t i = 1; i < headers_.size(); ++i) {
      const auto& header = headers_[i];
      if (header.sh_type != SHT_RELA) continue;
      if (header.sh_info >= headers_.size() || new_index_[header.sh_info] == 0) {
        return fail("{}: {} relocates section {}, which does not exist", name(), section_names_[i], header.sh_info);
      }
      auto& target = object_.sections[new_index_[header.sh_info]];
      const auto table = TRY(content(i, std::string(section_names_[i])));
      std::vector<Relocation> relocations;
      relocations.reserve(table.size() / sizeof(Elf64_Rela));
      for (std::size_t at = 0; at + sizeof(Elf64_Rela) <= table.size(); at += sizeof(Elf64_Rela)) {
        const auto raw = TRY(load<Elf64_Rela>(table, at));
        const Relocation relocation{.offset = raw.r_offset,
                                    .type = static_cast<std::uint32_t>(ELF64_R_TYPE(raw.r_info)),
                                    .symbol = static_cast<SymbolIndex>(ELF64_R_SYM(raw.r_info)),
                                    .addend = raw.r_addend};
        if (relocation.symbol >= object_.symbols.size()) {
          return fail("{}: {}+{:#x} uses symbol {}, which does not exist", name(), section_names_[i], at,
                      relocation.symbol);
        }
        const auto& symbol = object_.symbols[relocation.symbol];
        if (relocation.type != R_X86_64_NONE && symbol.name.empty() && !symbol.is_defined()) {
          return fail("{}: {}+{:#x} uses symbol {}, which has neither a name nor a place", name(), section_names_[i],
                      at, relocation.symbol);
        }
        if (relocation.addend > largest_addend || relocation.addend < -largest_addend) {
          return fail("{}: {}+{:#x} has the addend {}, far beyond the kernel", name(), section_names_[i], at,
                      relocation.addend);
        }
        if (relocation.offset >= target.data.size()) {
          return fail("{}: {}+{:#x} relocates offset {:#x} of {}, which ends at {:#x}", name(), section_names_[i], at,
                      relocation.offset, target.name, target.data.size());
        }
        relocations.push_back(relocation);
      }
      if ((header.sh_flags & shf_rela_livepatch) != 0) {
        target.livepatch_relocations.push_back({std::string(section_names_[i]), std::move(relocations)});
      } else {
        auto& all = target.relocations;
        all.insert(all.end(), relocations.begin(), relocations.end());
      }
    }
    for (auto& section : object_.sections) {
      std::stable_sort(section.relocations.begin(), section.relocations.end(),
                       [](const Relocation& a, const Relocation& b) { return a.offset < b.offset; });
    }
    return {};
  }

  Reader reader_;
  std::vector<Elf64_Shdr> headers_;
  std::vector<std::string_view> section_names_;
  std::vector<SectionIndex> new_index_;  // old section index -> index in the object, 0: not kept
  std::size_t symtab_ = 0;
  std::size_t symtab_shndx_ = 0;
  Object object_;
};

}  // namespace

Result<Object> read_object(ByteView file, std::string_view name) { return ObjectReader(file, name).read(); }

}  // namespace suture::elf
