#include <algorithm>
#include <map>

#include "elf/object.h"

namespace suture::elf {
namespace {

class StringTable {
 public:
  std::uint32_t add(const std::string& text) {
    if (text.empty()) return 0;
    const auto [it, is_new] = offsets_.try_emplace(text, static_cast<std::uint32_t>(bytes_.size()));
    if (is_new) {
      bytes_.insert(bytes_.end(), text.begin(), text.end());
      bytes_.push_back(0);
    }
    return it->second;
  }
  const Bytes& bytes() const { return bytes_; }

 private:
  Bytes bytes_{0};
  std::map<std::string, std::uint32_t> offsets_;
};

template <typename T>
void append(Bytes& out, const T& value) {
  const auto* raw = reinterpret_cast<const std::uint8_t*>(&value);
  out.insert(out.end(), raw, raw + sizeof value);
}

class ObjectWriter {
 public:
  explicit ObjectWriter(const Object& object) : object_(object) {}

  Result<Bytes> write() {
    if (object_.sections.size() >= SHN_LORESERVE / 2) return fail("cannot write {} sections", object_.sections.size());
    order_symbols();
    out_.assign(sizeof(Elf64_Ehdr), 0);
    headers_.push_back({});
    for (std::size_t i = 1; i < object_.sections.size(); ++i) write_section(object_.sections[i]);
    const auto symtab = static_cast<std::uint32_t>(object_.sections.size() + relocation_tables());
    for (std::size_t i = 1; i < object_.sections.size(); ++i) {
      const auto& section = object_.sections[i];
      if (!section.relocations.empty()) write_relocations(".rela" + section.name, 0, section.relocations, i, symtab);
      for (const auto& table : section.livepatch_relocations) {
        write_relocations(table.name, SHF_ALLOC | shf_rela_livepatch, table.relocations, i, symtab);
      }
    }
    write_symbols();
    write_names();
    return finish();
  }

 private:
  std::size_t relocation_tables() const {
    std::size_t count = 0;
    for (const auto& section : object_.sections) {
      count += (section.relocations.empty() ? 0 : 1) + section.livepatch_relocations.size();
    }
    return count;
  }

  void order_symbols() {
    new_symbol_.assign(object_.symbols.size(), 0);
    order_.push_back(0);
    for (const bool local : {true, false}) {
      for (SymbolIndex i = 1; i < object_.symbols.size(); ++i) {
        if (object_.symbols[i].is_local() != local) continue;
        new_symbol_[i] = static_cast<SymbolIndex>(order_.size());
        order_.push_back(i);
      }
      if (local) first_global_ = static_cast<std::uint32_t>(order_.size());
    }
  }

  void place(Elf64_Shdr header, ByteView content) {
    out_.resize(align_up(out_.size(), header.sh_addralign), 0);
    header.sh_offset = out_.size();
    out_.insert(out_.end(), content.begin(), content.end());
    headers_.push_back(header);
  }

  void write_section(const Section& section) {
    place({.sh_name = names_.add(section.name),
           .sh_type = section.type,
           .sh_flags = section.flags,
           .sh_addr = 0,
           .sh_offset = 0,
           .sh_size = section.size,
           .sh_link = section.link,
           .sh_info = 0,
           .sh_addralign = section.alignment,
           .sh_entsize = section.entry_size},
          section.data);
  }

  void write_relocations(const std::string& name, std::uint64_t flags, const std::vector<Relocation>& relocations,
                         std::size_t target, std::uint32_t symtab) {
    Bytes content;
    for (const auto& r : relocations) {
      append(content, Elf64_Rela{.r_offset = r.offset,
                                 .r_info = ELF64_R_INFO(std::uint64_t{new_symbol_[r.symbol]}, r.type),
                                 .r_addend = r.addend});
    }
    place({.sh_name = names_.add(name),
           .sh_type = SHT_RELA,
           .sh_flags = flags | SHF_INFO_LINK,
           .sh_addr = 0,
           .sh_offset = 0,
           .sh_size = content.size(),
           .sh_link = symtab,
           .sh_info = static_cast<std::uint32_t>(target),
           .sh_addralign = 8,
           .sh_entsize = sizeof(Elf64_Rela)},
          content);
  }

  void write_symbols() {
    StringTable strings;
    Bytes content;
    for (const auto index : order_) {
      const auto& symbol = object_.symbols[index];
      append(content, Elf64_Sym{.st_name = strings.add(symbol.name),
                                .st_info = static_cast<unsigned char>(ELF64_ST_INFO(symbol.bind, symbol.type)),
                                .st_other = symbol.other,
                                .st_shndx = static_cast<Elf64_Section>(symbol.section),
                                .st_value = symbol.value,
                                .st_size = symbol.size});
    }
    place({.sh_name = names_.add(".symtab"),
           .sh_type = SHT_SYMTAB,
           .sh_flags = 0,
           .sh_addr = 0,
           .sh_offset = 0,
           .sh_size = content.size(),
           .sh_link = static_cast<std::uint32_t>(headers_.size() + 1),
           .sh_info = first_global_,
           .sh_addralign = 8,
           .sh_entsize = sizeof(Elf64_Sym)},
          content);
    place_strings(".strtab", strings.bytes());
  }

  void write_names() {
    names_.add(".shstrtab");
    const auto content = names_.bytes();
    place_strings(".shstrtab", content);
  }

  void place_strings(const std::string& name, const Bytes& content) {
    place({.sh_name = names_.add(name),
           .sh_type = SHT_STRTAB,
           .sh_flags = 0,
           .sh_addr = 0,
           .sh_offset = 0,
           .sh_size = content.size(),
           .sh_link = 0,
           .sh_info = 0,
           .sh_addralign = 1,
           .sh_entsize = 0},
          content);
  }

  Bytes finish() {
    out_.resize(align_up(out_.size(), 8), 0);
    Elf64_Ehdr header{};
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_ident[EI_VERSION] = EV_CURRENT;
    header.e_type = ET_REL;
    header.e_machine = EM_X86_64;
    header.e_version = EV_CURRENT;
    header.e_shoff = out_.size();
    header.e_ehsize = sizeof(Elf64_Ehdr);
    header.e_shentsize = sizeof(Elf64_Shdr);
    header.e_shnum = static_cast<Elf64_Half>(headers_.size());
    header.e_shstrndx = static_cast<Elf64_Half>(headers_.size() - 1);
    std::memcpy(out_.data(), &header, sizeof header);
    for (const auto& section : headers_) append(out_, section);
    return std::move(out_);
  }

  const Object& object_;
  std::vector<SymbolIndex> order_;       // new index -> old index
  std::vector<SymbolIndex> new_symbol_;  // old index -> new index
  std::uint32_t first_global_ = 0;
  StringTable names_;
  std::vector<Elf64_Shdr> headers_;
  Bytes out_;
};

}  // namespace

Result<Bytes> write_object(const Object& object) { return ObjectWriter(object).write(); }

}  // namespace suture::elf
