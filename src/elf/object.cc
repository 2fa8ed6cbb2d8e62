#include "elf/object.h"

#include <algorithm>

namespace suture::elf {

SectionIndex Object::find_section(std::string_view name) const {
  const auto it = std::find_if(sections.begin() + 1, sections.end(), [&](const Section& s) { return s.name == name; });
  return it == sections.end() ? 0 : static_cast<SectionIndex>(it - sections.begin());
}

SymbolIndex Object::find_symbol(std::string_view name) const {
  const auto it = std::find_if(symbols.begin() + 1, symbols.end(), [&](const Symbol& s) { return s.name == name; });
  return it == symbols.end() ? 0 : static_cast<SymbolIndex>(it - symbols.begin());
}

SectionIndex Object::add(Section section) {
  sections.push_back(std::move(section));
  return static_cast<SectionIndex>(sections.size() - 1);
}

SymbolIndex Object::add(Symbol symbol) {
  symbols.push_back(std::move(symbol));
  return static_cast<SymbolIndex>(symbols.size() - 1);
}

}  // namespace suture::elf
