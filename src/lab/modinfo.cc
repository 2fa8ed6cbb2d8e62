#include "lab/modinfo.h"

#include <elf.h>

#include <algorithm>
#include <cstddef>

namespace suture::lab {
namespace {

Modinfo split(std::string_view content) {
  Modinfo info;
  while (!content.empty()) {
    const auto end = content.find('\0');
    const auto entry = content.substr(0, end);
    content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
    if (const auto equals = entry.find('='); equals != std::string_view::npos)
      info.entries.emplace_back(entry.substr(0, equals), entry.substr(equals + 1));
  }
  return info;
}

}  // namespace

std::string_view Modinfo::value(std::string_view key) const {
  const auto found = values(key);
  return found.empty() ? std::string_view() : found.front();
}

std::vector<std::string_view> Modinfo::values(std::string_view key) const {
  std::vector<std::string_view> found;
  for (const auto& [name, text] : entries) {
    if (name == key) found.emplace_back(text);
  }
  return found;
}

std::vector<std::string> Modinfo::list(std::string_view key) const {
  std::vector<std::string> parts;
  auto rest = value(key);
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    if (comma != 0) parts.emplace_back(rest.substr(0, comma));
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
  }
  return parts;
}

Result<Modinfo> read_modinfo(ByteView file, std::string_view name) {
  const Reader reader(file, std::string(name));
  if (!as_text(file).starts_with(ELFMAG)) return fail("{}: is not an ELF file", name);
  const auto table = TRY(reader.at<std::uint64_t>(offsetof(Elf64_Ehdr, e_shoff)));
  const auto count = TRY(reader.at<std::uint16_t>(offsetof(Elf64_Ehdr, e_shnum)));
  const auto names_index = TRY(reader.at<std::uint16_t>(offsetof(Elf64_Ehdr, e_shstrndx)));
  const auto headers = Reader(TRY(reader.slice(table, count * sizeof(Elf64_Shdr)), "section headers"),
                              reader.name() + ": section headers");
  const auto content = [&](std::size_t index) -> Result<Reader> {
    const auto header = index * sizeof(Elf64_Shdr);
    const auto offset = TRY(headers.at<std::uint64_t>(header + offsetof(Elf64_Shdr, sh_offset)));
    const auto size = TRY(headers.at<std::uint64_t>(header + offsetof(Elf64_Shdr, sh_size)));
    return Reader(TRY(reader.slice(offset, size), "section {}", index), fmt::format("{}: section {}", name, index));
  };
  const auto names = TRY(content(names_index));
  for (std::size_t i = 1; i < count; ++i) {
    const auto at = TRY(headers.at<std::uint32_t>(i * sizeof(Elf64_Shdr) + offsetof(Elf64_Shdr, sh_name)));
    if (TRY(names.string(at)) == ".modinfo") return split(as_text(TRY(content(i)).bytes()));
  }
  return Modinfo{};
}

std::string module_name_of(std::string_view file_name) {
  std::string name(file_name.substr(0, file_name.find('.')));
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

}  // namespace suture::lab
