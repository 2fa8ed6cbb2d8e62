#include "check/code_site.h"

namespace suture::check {
namespace {

constexpr std::size_t longest_instruction = 15;

}  // namespace

std::set<Place> listed_places(const ModuleFile& module, std::string_view table, std::uint64_t size) {
  std::set<Place> places;
  const Section* section = module.find(table);
  if (section == nullptr || size == 0) return places;
  for (const auto& relocation : section->relocations)
    if (relocation.offset % size == 0)
      if (const auto target = module.target(relocation)) places.insert(*target);
  return places;
}

std::string_view without_cold(std::string_view name) { return name.substr(0, name.find(".cold")); }

std::optional<Place> CodeSites::target(const CodeRecord& record, std::uint64_t field) const {
  const Relocation* found = relocation(record, field);
  return found != nullptr ? module_.target(*found) : std::nullopt;
}

Result<CodeSite> CodeSites::follow(const CodeRecord& record, std::uint64_t field) const {
  const auto place = target(record, field);
  if (!place) return fail("does not lead into the module");
  const auto& section = module_.section(place->section);
  if (!section.is_code() || !section.is_allocated() || place->offset >= section.data.size())
    return fail("leads to {}, which is no code", module_.describe(*place));
  CodeSite site{.place = *place, .instruction = {}, .bytes = {}, .text = {}, .branch = {}};
  if (const auto* covering = code_.covering(*place)) {
    if (covering->offset != place->offset)
      return fail("leads to {}, into the middle of an instruction", module_.describe(*place));
    site.instruction = *covering;
  } else {
    const auto rest = section.data.subspan(place->offset);
    site.instruction = decode(rest.first(std::min(rest.size(), longest_instruction)), place->offset).front();
  }
  if (site.instruction.kind == Kind::invalid)
    return fail("leads to {}, where no instruction begins", module_.describe(*place));
  site.bytes = section.data.subspan(site.instruction.offset, site.instruction.length);
  site.branch = code_.branch_symbol(place->section, site.instruction);
  site.text = fmt::format("'{}{}' at {}", mnemonic_name(site.instruction), site.branch.empty() ? "" : " " + site.branch,
                          module_.describe(*place));
  return site;
}

bool CodeSites::ends_at_instruction(Place place, std::uint64_t size) const {
  if (size == 0) return true;
  const auto& section = module_.section(place.section);
  const Place end{place.section, place.offset + size};
  if (end.offset > section.data.size()) return false;
  if (code_.covering({place.section, end.offset - 1}) != nullptr) {
    const auto* last = code_.covering({place.section, end.offset - 1});
    return last->end() == end.offset;
  }
  return decode(section.data.subspan(place.offset, size), place.offset).back().kind != Kind::invalid;
}

bool CodeSites::same_function(Place a, Place b) const {
  const auto* first = module_.function_covering(a);
  const auto* second = module_.function_covering(b);
  return first == second ||
         (first != nullptr && second != nullptr && without_cold(first->name) == without_cold(second->name));
}

}  // namespace suture::check
