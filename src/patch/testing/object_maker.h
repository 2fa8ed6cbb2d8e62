// Small object files for tests, as a compiler would make them.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "elf/object.h"

namespace suture::patch::testing {

/// A relocation by names: `symbol` is a symbol, or a section when no symbol is called so.
struct Field {
  std::uint64_t offset;  ///< in the function or variable
  std::uint32_t type;
  std::string_view symbol;
  std::int64_t addend;
};

/// Names may be used in fields before they are defined; `finish` resolves them, and makes undefined
/// symbols of those that never are.
class ObjectMaker {
 public:
  /// Appends a function, 16 bytes aligned with nops like GCC's.
  ObjectMaker& function(std::string_view section, std::string_view name, const Bytes& code,
                        std::initializer_list<Field> fields = {}, std::uint8_t bind = STB_LOCAL) {
    return append(code_section(section), name, code, fields, bind, STT_FUNC, 16, 0x90);
  }
  /// Appends a variable.
  ObjectMaker& variable(std::string_view section, std::string_view name, const Bytes& bytes,
                        std::initializer_list<Field> fields = {}, std::uint8_t bind = STB_LOCAL) {
    return append(section_named(section, SHF_ALLOC | SHF_WRITE), name, bytes, fields, bind, STT_OBJECT, 8, 0);
  }
  /// Appends a string to .rodata.str1.1.
  ObjectMaker& string(std::string_view text) {
    auto& section = object_.sections[section_named(".rodata.str1.1", SHF_ALLOC | SHF_MERGE | SHF_STRINGS)];
    section.entry_size = 1;
    section.data.insert(section.data.end(), text.begin(), text.end());
    section.data.push_back(0);
    section.size = section.data.size();
    return *this;
  }
  /// Declares a symbol that nobody has to define.
  ObjectMaker& weak(std::string_view name) {
    object_.add(elf::Symbol{.name = std::string(name), .bind = STB_WEAK});
    return *this;
  }

  elf::Object finish() {
    for (const auto& [section, offset, type, symbol, addend] : fields_)
      object_.sections[section].relocations.push_back(
          {.offset = offset, .type = type, .symbol = resolve(symbol), .addend = addend});
    fields_.clear();
    return object_;
  }

 private:
  struct PendingField {
    elf::SectionIndex section;
    std::uint64_t offset;
    std::uint32_t type;
    std::string symbol;
    std::int64_t addend;
  };

  elf::SectionIndex code_section(std::string_view name) { return section_named(name, SHF_ALLOC | SHF_EXECINSTR); }
  elf::SectionIndex section_named(std::string_view name, std::uint64_t flags) {
    if (const auto known = object_.find_section(name)) return known;
    return object_.add(elf::Section{.name = std::string(name), .flags = flags, .alignment = 16});
  }
  ObjectMaker& append(elf::SectionIndex index, std::string_view name, const Bytes& bytes,
                      std::initializer_list<Field> fields, std::uint8_t bind, std::uint8_t type,
                      std::uint64_t alignment, std::uint8_t padding) {
    auto& section = object_.sections[index];
    section.data.resize(align_up(section.data.size(), alignment), padding);
    const auto value = section.data.size();
    section.data.insert(section.data.end(), bytes.begin(), bytes.end());
    section.size = section.data.size();
    object_.add(elf::Symbol{
        .name = std::string(name), .value = value, .size = bytes.size(), .section = index, .bind = bind, .type = type});
    for (const auto& field : fields)
      fields_.push_back({index, value + field.offset, field.type, std::string(field.symbol), field.addend});
    return *this;
  }
  elf::SymbolIndex resolve(const std::string& name) {
    if (const auto symbol = object_.find_symbol(name)) return symbol;
    const auto section = object_.find_section(name);
    if (section == 0) return object_.add(elf::Symbol{.name = name, .bind = STB_GLOBAL});
    for (elf::SymbolIndex index = 1; index < object_.symbols.size(); ++index)
      if (object_.symbols[index].is_section() && object_.symbols[index].section == section) return index;
    return object_.add(elf::Symbol{.section = section, .type = STT_SECTION});
  }

  elf::Object object_;
  std::vector<PendingField> fields_;
};

}  // namespace suture::patch::testing
