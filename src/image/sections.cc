#include "image/sections.h"

#include "elf/headers.h"

namespace suture::image {

Result<std::vector<LoadedSection>> read_sections(ByteView elf, std::string_view name) {
  const auto headers = TRY(elf::read_headers(Reader(elf, std::string(name))));
  if (headers.type != ET_EXEC) return fail("{}: is not a linked kernel (ELF type {})", name, headers.type);
  std::vector<LoadedSection> sections;
  for (std::size_t i = 1; i < headers.sections.size(); ++i) {
    const auto& section = headers.sections[i];
    if ((section.sh_flags & SHF_ALLOC) == 0) continue;
    if (section.sh_type != SHT_NOBITS &&
        (section.sh_offset > elf.size() || section.sh_size > elf.size() - section.sh_offset))
      return fail("{}: section {} ({}) lies at {:#x} with {:#x} bytes, beyond the end at {:#x} (truncated or corrupt)",
                  name, i, headers.names[i], section.sh_offset, section.sh_size, elf.size());
    sections.push_back({std::string(headers.names[i]), section.sh_addr, section.sh_size, section.sh_offset,
                        section.sh_type, (section.sh_flags & SHF_EXECINSTR) != 0});
  }
  return sections;
}

}  // namespace suture::image
