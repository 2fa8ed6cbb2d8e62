#include "patch/emit/module_symbols.h"

#include <algorithm>
#include <map>
#include <optional>

#include "patch/emit/scaffold/suture_tables.h"

namespace suture::patch::emitter {
namespace {

/// Whether the loader gives the section a place among a module's read-only data.
bool is_lasting_read_only(const elf::Section& section) {
  return section.is_allocated() && !section.is_writable() && !section.is_code() && !section.name.starts_with(".init") &&
         section.name != ".modinfo" && section.name != "__versions";
}

/// Offsets of these sections from the beginning of the region.
std::map<elf::SectionIndex, std::uint64_t> read_only_layout(const elf::Object& object) {
  std::map<elf::SectionIndex, std::uint64_t> result;
  std::uint64_t end = 0;
  for (elf::SectionIndex i = 1; i < object.sections.size(); ++i) {
    const auto& section = object.sections[i];
    if (!is_lasting_read_only(section)) continue;
    result[i] = align_up(end, section.alignment);
    end = result[i] + section.size;
  }
  return result;
}

}  // namespace

bool has_global(const image::ShippedModule& module, const std::string& name) {
  const auto all = module.named(name);
  return std::any_of(all.begin(), all.end(), [&](auto i) { return !module.object().symbols[i].is_local(); });
}

tl::expected<std::size_t, std::string> find_in_module(const image::ShippedModule& module, const std::string& name,
                                                      bool only_global) {
  auto found = module.named(name);
  if (found.empty()) return tl::unexpected(fmt::format("the shipped module {} has no such symbol", module.name()));
  const auto count = found.size();
  if (only_global && count > 1) {
    std::erase_if(found, [&](auto i) { return module.object().symbols[i].is_local(); });
  }
  if (found.size() != 1) {
    return tl::unexpected(
        fmt::format("the shipped module {} has {} symbols of this name, and no function that was "
                    "matched with shipped code refers to the one that is meant",
                    module.name(), count));
  }
  auto position = module.position_of(found.front());
  if (!position) return tl::unexpected(position.error().message());
  return *position;
}

Result<NoteAnchor> find_build_id_note(const image::ShippedModule& module) {
  const auto& object = module.object();
  const auto note = object.find_section(".note.gnu.build-id");
  const auto layout = read_only_layout(object);
  if (module.build_id().size() != std::size_t{2} * SUTURE_BUILD_ID_SIZE || !layout.contains(note)) {
    return fail("module {} carries no build-id of {} bytes", module.name(), SUTURE_BUILD_ID_SIZE);
  }
  std::optional<NoteAnchor> best;
  for (elf::SymbolIndex i = 1; i < object.symbols.size(); ++i) {
    const auto& symbol = object.symbols[i];
    const auto place = layout.find(symbol.section);
    if (!symbol.is_defined() || place == layout.end() || symbol.is_section() || symbol.name.empty()) continue;
    const auto position = module.position_of(i);
    if (!position) continue;
    NoteAnchor anchor{.symbol = symbol.name,
                      .position = *position,
                      .distance = static_cast<std::int64_t>(layout.at(note)) -
                                  static_cast<std::int64_t>(place->second + symbol.value)};
    // The nearest is the least likely to be somewhere else in another build of the module, so that
    // the live patch gets to say that the build-id is wrong.
    if (!best || std::abs(anchor.distance) < std::abs(best->distance)) best = std::move(anchor);
  }
  if (!best)
    return fail("module {} has no symbol in its read-only data from which its build-id could be found", module.name());
  return std::move(*best);
}

}  // namespace suture::patch::emitter
