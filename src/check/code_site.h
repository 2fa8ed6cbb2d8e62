// From an entry of a table to the instruction that it describes.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "check/code.h"
#include "check/module_file.h"

namespace suture::check {

/// One entry of a table: `size` bytes, the `index`th in its section.
struct CodeRecord {
  const Section* section = nullptr;
  std::uint64_t size = 0;
  std::uint64_t index = 0;

  std::uint64_t offset() const { return index * size; }
  std::string name() const { return fmt::format("{} entry {}", section->name, index); }
};

struct CodeSite {
  Place place;
  Instruction instruction;
  ByteView bytes;      ///< the instruction's, at least one
  std::string text;    ///< "jmp __x86_return_thunk at foo+0x12"
  std::string branch;  ///< the symbol that a branch leads to, if it has a relocation

  const std::string& describe() const { return text; }
  const std::string& target_name() const { return branch; }
  bool branches_to(std::string_view symbol) const { return branch == symbol; }
};

/// Where the first fields of a table's entries of `size` bytes lead.
std::set<Place> listed_places(const ModuleFile& module, std::string_view table, std::uint64_t size);

/// "foo" of "foo.cold", "foo.cold.3".
std::string_view without_cold(std::string_view name);

class CodeSites {
 public:
  CodeSites(const ModuleFile& module, const Code& code) : module_(module), code_(code) {}

  /// The relocation of a field of the record; none if there is none.
  const Relocation* relocation(const CodeRecord& record, std::uint64_t field) const {
    return module_.relocation_at({record.section->index, record.offset() + field});
  }
  /// Where the field leads: symbol plus addend, for a field that is relative to itself, or absolute.
  std::optional<Place> target(const CodeRecord& record, std::uint64_t field) const;

  /// The instruction where the field leads. Fails, with the reason, when that is no instruction of
  /// the module, or not the first byte of one.
  Result<CodeSite> follow(const CodeRecord& record, std::uint64_t field) const;

  /// Whether `place` plus `size` is the end of an instruction in the same function or code section.
  bool ends_at_instruction(Place place, std::uint64_t size) const;
  /// Whether both lie in one function, or one in a part of the other that the compiler has moved
  /// out of the way (name.cold).
  bool same_function(Place a, Place b) const;

 private:
  const ModuleFile& module_;
  const Code& code_;
};

}  // namespace suture::check
