// elf_validity_check() of kernel/module/main.c, in 6.1 and in the stricter 6.12: what the loader
// demands of the file before it looks at any content.
#include <elf.h>

#include "check/checks.h"

namespace suture::check {
namespace {

constexpr std::string_view elf_finding = "elf-header";

template <typename T>
T load(ByteView bytes) {
  T value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

class HeaderCheck {
 public:
  HeaderCheck(ByteView file, std::string_view name, CheckReport& report)
      : file_(file, std::string(name)), report_(report) {}

  Status run() {
    const auto header = load<Elf64_Ehdr>(TRY(file_.slice(0, sizeof(Elf64_Ehdr))));
    if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) return fail("{}: is not an ELF file", file_.name());
    if (header.e_shentsize != sizeof(Elf64_Shdr))
      return fail("{}: has section headers of {} bytes, not {}", file_.name(), header.e_shentsize, sizeof(Elf64_Shdr));
    for (std::uint64_t i = 0; i < header.e_shnum; ++i)
      sections_.push_back(load<Elf64_Shdr>(
          TRY(file_.slice(header.e_shoff + i * sizeof(Elf64_Shdr), sizeof(Elf64_Shdr)), "section header {}", i)));
    if (sections_.empty()) return fail("{}: has no sections", file_.name());
    if (header.e_shstrndx == SHN_UNDEF || header.e_shstrndx >= sections_.size())
      return fail("{}: section name table {} does not exist", file_.name(), header.e_shstrndx);
    check_null_section();
    TRY(check_names(header.e_shstrndx));
    TRY(check_symbol_tables());
    return {};
  }

 private:
  void finding(std::string place, std::string reason) {
    report_.findings.push_back({std::string(elf_finding), std::move(place), std::move(reason)});
  }

  Result<ByteView> content(std::size_t index) const {
    return file_.slice(sections_[index].sh_offset, sections_[index].sh_size);
  }

  void check_null_section() {
    const auto& null = sections_[0];
    if (null.sh_type != SHT_NULL || null.sh_size != 0 || null.sh_addr != 0)
      finding("section 0", "must be of type NULL, with no size and no address");
  }

  Status check_names(std::size_t table) {
    const auto names = TRY(content(table), "section names");
    if (names.empty() || names.back() != 0) finding("section name table", "does not end in a NUL");
    for (std::size_t i = 1; i < sections_.size(); ++i)
      if (sections_[i].sh_name >= names.size())
        finding(fmt::format("section {}", i),
                fmt::format("has its name at {:#x}, past the end of the table", sections_[i].sh_name));
    return {};
  }

  Status check_symbol_tables() {
    std::size_t tables = 0;
    for (std::size_t i = 1; i < sections_.size(); ++i) {
      const auto& section = sections_[i];
      if (section.sh_type == SHT_REL && section.sh_size != 0)
        finding(fmt::format("section {}", i), "holds relocations without addends, which the x86-64 loader refuses");
      if (section.sh_type != SHT_SYMTAB) continue;
      ++tables;
      if (section.sh_size % sizeof(Elf64_Sym) != 0)
        finding("symbol table", fmt::format("has {} bytes, no multiple of {}", section.sh_size, sizeof(Elf64_Sym)));
      if (section.sh_link == SHN_UNDEF || section.sh_link >= sections_.size() ||
          sections_[section.sh_link].sh_type != SHT_STRTAB)
        return fail("{}: the symbol table's names are in section {}, which is no string table", file_.name(),
                    section.sh_link);
      const auto names = TRY(content(section.sh_link), "symbol names");
      if (names.empty() || names.front() != 0 || names.back() != 0)
        finding("symbol names", "must begin and end with a NUL");
    }
    if (tables != 1) finding("symbol table", fmt::format("exactly one is expected, {} found", tables));
    return {};
  }

  Reader file_;
  CheckReport& report_;
  std::vector<Elf64_Shdr> sections_;
};

}  // namespace

Status check_elf(ByteView file, std::string_view name, CheckReport& report) {
  return HeaderCheck(file, name, report).run();
}

}  // namespace suture::check
