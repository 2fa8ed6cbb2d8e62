#include "lab/module_file.h"

#include <elf.h>

#include <algorithm>
#include <cstddef>

#include "base/words.h"

namespace suture::lab {
namespace {

std::vector<std::pair<std::string, std::string>> entries_of(std::string_view content) {
  std::vector<std::pair<std::string, std::string>> entries;
  while (!content.empty()) {
    auto value = take_until(content, '\0');
    if (value.find('=') == std::string_view::npos) continue;
    const auto key = take_until(value, '=');
    entries.emplace_back(key, value);
  }
  return entries;
}

}  // namespace

std::string_view ModuleFile::value(std::string_view key) const {
  const auto found =
      std::find_if(modinfo.begin(), modinfo.end(), [&](const auto& entry) { return entry.first == key; });
  return found == modinfo.end() ? std::string_view() : std::string_view(found->second);
}

std::vector<std::string> ModuleFile::list(std::string_view key) const {
  std::vector<std::string> parts;
  for (auto rest = value(key); !rest.empty();) {
    if (const auto part = take_until(rest, ','); !part.empty()) parts.emplace_back(part);
  }
  return parts;
}

Result<ModuleFile> read_module_file(ByteView file, std::string_view name) {
  const Reader reader(file, std::string(name));
  if (!as_text(file).starts_with(ELFMAG)) return fail("{}: is not an ELF file", name);
  const auto table = TRY(reader.at<std::uint64_t>(offsetof(Elf64_Ehdr, e_shoff)));
  const auto count = TRY(reader.at<std::uint16_t>(offsetof(Elf64_Ehdr, e_shnum)));
  const auto names_index = TRY(reader.at<std::uint16_t>(offsetof(Elf64_Ehdr, e_shstrndx)));
  const Reader headers(TRY(reader.slice(table, count * sizeof(Elf64_Shdr)), "section headers"),
                       fmt::format("{}: section headers", name));
  const auto content = [&](std::size_t index) -> Result<Reader> {
    const auto header = index * sizeof(Elf64_Shdr);
    const auto offset = TRY(headers.at<std::uint64_t>(header + offsetof(Elf64_Shdr, sh_offset)));
    const auto size = TRY(headers.at<std::uint64_t>(header + offsetof(Elf64_Shdr, sh_size)));
    const auto label = fmt::format("section {}", index);
    return Reader(TRY(reader.slice(offset, size), "{}", label), fmt::format("{}: {}", name, label));
  };
  const auto names = TRY(content(names_index));
  ModuleFile module;
  for (std::size_t i = 1; i < count; ++i) {
    const auto at = TRY(headers.at<std::uint32_t>(i * sizeof(Elf64_Shdr) + offsetof(Elf64_Shdr, sh_name)));
    const auto& section = module.sections.emplace_back(TRY(names.string(at)));
    if (section == ".modinfo") module.modinfo = entries_of(as_text(TRY(content(i)).bytes()));
  }
  return module;
}

}  // namespace suture::lab
