// Undefined symbols: the loader finds each among the exports of the kernel and of loaded modules,
// and compares the version (a checksum of the type) that __versions has for it.
#include <map>

#include "check/checks.h"

namespace suture::check {
namespace {

constexpr std::string_view versions = "__versions";

// struct modversion_info, include/linux/module.h
constexpr std::uint64_t version_size = 64;
constexpr std::uint64_t name_size = version_size - sizeof(std::uint64_t);

std::map<std::string, std::uint64_t> read_versions(const Context& context, const Section& section) {
  std::map<std::string, std::uint64_t> found;
  if (section.data.size() % version_size != 0)
    context.finding("version-table", std::string(versions), "has {} bytes, no multiple of {}", section.data.size(),
                    version_size);
  if (!section.relocations.empty())
    context.finding("version-table", std::string(versions),
                    "has relocations, which the loader applies to memory it has given up");
  for (std::uint64_t at = 0; at + version_size <= section.data.size(); at += version_size) {
    const auto crc = load_le<std::uint64_t>(section.data, at);
    const auto name = as_text(section.data.subspan(at + sizeof crc, name_size));
    const auto end = name.find('\0');
    if (end == 0 || end == std::string_view::npos) {
      context.finding("version-table", fmt::format("{} entry {}", versions, at / version_size),
                      "does not hold a name of 1 to {} characters", name_size - 1);
      continue;
    }
    // The loader takes the first of equal names.
    if (!found.emplace(name.substr(0, end), crc).second)
      context.finding("version-table", fmt::format("symbol {}", name.substr(0, end)), "is in {} twice", versions);
  }
  return found;
}

void compare(const Context& context, const std::string& symbol, const image::Export& exported,
             std::map<std::string, std::uint64_t>& found) {
  const auto version = found.extract(symbol);
  if (version.empty())
    context.finding("symbol-version-missing", "symbol " + symbol,
                    "is not in {}, so the loader refuses the module; its CRC is {:#010x}", versions, exported.crc);
  else if (version.mapped() != exported.crc)
    context.finding("symbol-version", "symbol " + symbol,
                    "has CRC {:#010x} in {}, this kernel exports it with {:#010x}", version.mapped(), versions,
                    exported.crc);
}

}  // namespace

void check_imports(const Context& context) {
  std::map<std::string, std::uint64_t> found;
  const Section* section = context.module.find(versions);
  if (section == nullptr)
    context.finding("version-table", std::string(versions),
                    "does not exist: the loader takes the module only by force");
  else
    found = read_versions(context, *section);

  // struct module's own layout has a version too (check_modstruct_version()).
  if (const auto* layout = context.shipped.find_export("module_layout"))
    compare(context, "module_layout", *layout, found);
  else
    context.finding("symbol-version-missing", "symbol module_layout", "is not exported by this kernel");

  std::uint64_t count = 0;
  for (std::uint32_t i = 1; i < context.module.symbols().size(); ++i) {
    const auto& symbol = context.module.symbols()[i];
    if (symbol.section == SHN_COMMON)
      context.finding("common-symbol", "symbol " + symbol.name, "is common, which the loader refuses");
    if (symbol.section != SHN_UNDEF) continue;
    ++count;
    const auto* exported = context.shipped.find_export(symbol.name);
    if (exported != nullptr)
      compare(context, symbol.name, *exported, found);
    else if (symbol.bind != STB_WEAK && symbol.name != "_GLOBAL_OFFSET_TABLE_")
      context.finding("undefined-symbol", "symbol " + symbol.name,
                      "is exported neither by this kernel nor by a module of it");
  }
  for (const auto& [name, crc] : found)
    context.finding("symbol-version-unused", "symbol " + name, "is in {}, but the module does not import it", versions);
  context.examined("imported symbols", count);
}

}  // namespace suture::check
