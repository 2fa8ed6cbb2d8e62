#include "image/sections.h"

#include <gelf.h>
#include <libelf.h>

#include <memory>

namespace suture::image {
namespace {

constexpr std::size_t most_sections = 1U << 16;

}  // namespace

Result<std::vector<LoadedSection>> read_sections(ByteView elf, std::string_view name) {
  elf_version(EV_CURRENT);
  // libelf only reads the image: elf_memory() takes it as not const because elf_update() could write.
  auto* image = const_cast<char*>(reinterpret_cast<const char*>(elf.data()));
  const std::unique_ptr<Elf, decltype(&elf_end)> file(elf_memory(image, elf.size()), elf_end);
  GElf_Ehdr header;
  if (!file || elf_kind(file.get()) != ELF_K_ELF || gelf_getehdr(file.get(), &header) == nullptr)
    return fail("{}: is not an ELF file", name);
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
      header.e_machine != EM_X86_64 || header.e_type != ET_EXEC)
    return fail("{}: is not a linked x86-64 kernel (ELF type {}, machine {})", name, header.e_type, header.e_machine);

  std::size_t count = 0;
  std::size_t names = 0;
  if (elf_getshdrnum(file.get(), &count) != 0 || elf_getshdrstrndx(file.get(), &names) != 0)
    return fail("{}: section headers: {}", name, elf_errmsg(-1));
  if (count > most_sections) return fail("{}: has {} sections", name, count);
  std::vector<LoadedSection> sections;
  for (std::size_t i = 1; i < count; ++i) {
    GElf_Shdr section;
    if (gelf_getshdr(elf_getscn(file.get(), i), &section) == nullptr)
      return fail("{}: section {}: {}", name, i, elf_errmsg(-1));
    if ((section.sh_flags & SHF_ALLOC) == 0) continue;
    const char* section_name = elf_strptr(file.get(), names, section.sh_name);
    if (section_name == nullptr) return fail("{}: section {} has no readable name", name, i);
    if (section.sh_type != SHT_NOBITS &&
        (section.sh_offset > elf.size() || section.sh_size > elf.size() - section.sh_offset))
      return fail("{}: section {} ({}) lies at {:#x} with {:#x} bytes, beyond the end at {:#x} (truncated or corrupt)",
                  name, i, section_name, section.sh_offset, section.sh_size, elf.size());
    sections.push_back({section_name, section.sh_addr, section.sh_size, section.sh_offset, section.sh_type,
                        (section.sh_flags & SHF_EXECINSTR) != 0});
  }
  return sections;
}

}  // namespace suture::image
