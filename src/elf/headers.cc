#include "elf/headers.h"

namespace suture::elf {

Result<Headers> read_headers(const Reader& file) {
  const auto& name = file.name();
  const auto header = TRY(load<Elf64_Ehdr>(file, 0));
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) return fail("{}: is not an ELF file", name);
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
      header.e_machine != EM_X86_64) {
    return fail("{}: is not an x86-64 ELF file (class {}, machine {})", name, header.e_ident[EI_CLASS],
                header.e_machine);
  }
  if (header.e_shoff == 0) return fail("{}: has no section headers", name);
  if (header.e_shentsize != sizeof(Elf64_Shdr))
    return fail("{}: has section headers of {} bytes", name, header.e_shentsize);

  // The null section's header holds counts that do not fit the ELF header.
  const auto null = TRY(load<Elf64_Shdr>(file, header.e_shoff), "section headers");
  const std::uint64_t count = header.e_shnum != 0 ? header.e_shnum : null.sh_size;
  const std::uint64_t names_index = header.e_shstrndx != SHN_XINDEX ? header.e_shstrndx : null.sh_link;
  if (count > file.size() / sizeof(Elf64_Shdr))
    return fail("{}: claims {} sections, more than fit the file", name, count);
  Headers headers{.type = header.e_type, .sections = {}, .names = {}};
  for (std::uint64_t i = 0; i < count; ++i)
    headers.sections.push_back(
        TRY(load<Elf64_Shdr>(file, header.e_shoff + i * sizeof(Elf64_Shdr)), "header of section {}", i));
  if (names_index >= count) return fail("{}: section name table {} does not exist", name, names_index);

  const auto& table = headers.sections[names_index];
  const auto bytes = TRY(file.slice(table.sh_offset, table.sh_size), "section names");
  const Reader names(bytes, name + ": section names");
  headers.names.resize(count);
  for (std::uint64_t i = 1; i < count; ++i) headers.names[i] = TRY(names.string(headers.sections[i].sh_name));
  return headers;
}

}  // namespace suture::elf
