#include "builder/promotion/importers.h"

#include <algorithm>

#include "base/file.h"
#include "base/parallel.h"
#include "builder/kbuild/kept.h"
#include "elf/headers.h"
#include "image/decompress.h"
#include "kit/modules_dep.h"

namespace suture::builder {
namespace {

constexpr std::uint64_t largest_module = 256U << 20;

Result<std::string> undefined_symbols(const fs::path& path) {
  auto file = TRY(read_file(path));
  if (const auto compression = image::compression_of(file))
    file = TRY(image::decompress(file, *compression, largest_module, path.string()));
  const Reader reader(file, path.string());
  const auto headers = TRY(elf::read_headers(reader));
  std::string names;
  for (const auto& section : headers.sections) {
    if (section.sh_type != SHT_SYMTAB || section.sh_link >= headers.sections.size()) continue;
    const auto& strings = headers.sections[section.sh_link];
    const auto table = TRY(reader.slice(strings.sh_offset, strings.sh_size));
    const Reader text(table, path.string());
    for (std::uint64_t at = 0; at + sizeof(Elf64_Sym) <= section.sh_size; at += sizeof(Elf64_Sym)) {
      const auto symbol = TRY(elf::load<Elf64_Sym>(reader, section.sh_offset + at));
      if (symbol.st_shndx != SHN_UNDEF || symbol.st_name == 0) continue;
      names += ' ';
      names += TRY(text.string(symbol.st_name));
    }
  }
  return names;
}

}  // namespace

Result<Importers> Importers::open(const kit::Kit& kit) {
  const auto path = kit.cache() / "importers-1";
  if (const auto kept = read_kept(path)) return Importers(std::string(as_text(*kept)));
  const auto dep_path = kit.modules() / "modules.dep";
  const auto dep_text = TRY(read_text(dep_path));
  const auto dep = TRY(kit::ModulesDep::parse(dep_text, dep_path.string()));
  const auto paths = dep.all();
  std::vector<std::string> lines(paths.size());
  const auto read = [&](std::size_t i) -> Status {
    const auto names = TRY(undefined_symbols(kit.modules() / paths[i]));
    lines[i] = fmt::format("{}{} \n", kit::module_name(paths[i]), names);
    return {};
  };
  TRY(for_each_parallel(paths.size(), read), "reading what the kernel's modules import");
  std::string text;
  for (const auto& line : lines) text += line;
  const auto bytes = as_bytes(text);
  // Without room or permission to keep it, it is made again the next time.
  static_cast<void>(keep(path, Bytes(bytes.begin(), bytes.end())));
  return Importers(std::move(text));
}

std::vector<std::string> Importers::of(std::string_view symbol) const {
  const auto word = fmt::format(" {} ", symbol);
  std::vector<std::string> modules;
  for (auto at = text_.find(word); at != std::string::npos; at = text_.find(word, at + 1)) {
    auto begin = text_.rfind('\n', at);
    begin = begin == std::string::npos ? 0 : begin + 1;
    modules.push_back(text_.substr(begin, text_.find(' ', begin) - begin));
  }
  std::ranges::sort(modules);
  return modules;
}

}  // namespace suture::builder
