// The module while it is put together: sections that grow piece by piece, and symbols. Input objects
// become Parts, which remember where each of their sections and symbols went.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "elf/object.h"
#include "patch/emit/emit.h"

namespace suture::patch::emitter {

/// Where a piece lies in the module. Section 0: nowhere, it was left out.
struct Place {
  elf::SectionIndex section = 0;
  std::uint64_t offset = 0;
};

/// What a relocation in the module says.
struct Target {
  elf::SymbolIndex symbol = 0;
  std::int64_t addend = 0;
};

/// One input: a unit's object, or the scaffold.
struct Part {
  const elf::Object* object = nullptr;
  const EmitUnit* unit = nullptr;              ///< none for the scaffold
  std::string source;                          ///< what errors call it
  std::string owner;                           ///< "vmlinux", or the module that it patches
  std::vector<Place> sections = {};            ///< by its section indices
  std::vector<elf::SymbolIndex> symbols = {};  ///< by its symbol indices; 0 where undefined or left out
};

/// One kind of piece: what the section that takes it is like.
struct PieceKind {
  std::string section;
  std::uint32_t type = SHT_PROGBITS;
  std::uint64_t flags = SHF_ALLOC;
  std::uint64_t alignment = 1;
  std::uint64_t entry_size = 0;
};

class Assembly {
 public:
  /// Places the sections of all parts that a module keeps, and their defined symbols, those of units all
  /// as locals: nothing links against a live patch. Two of one name are no problem, as for ld -r. Replaced
  /// functions have what they jump to right behind them (followers.h). Fails on objects that contradict
  /// themselves, and on what no module can hold. Once.
  Status add(std::vector<Part>& parts);

  /// Adds `content` at the end of a section, which is made if need be.
  Result<Place> append(const PieceKind& kind, ByteView content);

  /// A string among the module's literals.
  Result<Place> string(std::string_view text);

  elf::SymbolIndex define(elf::Symbol symbol);
  /// The section's own symbol. Made when first asked for.
  elf::SymbolIndex section_symbol(elf::SectionIndex section);
  /// An undefined symbol that the module loader resolves. One for each name.
  elf::SymbolIndex undefined(const std::string& name, bool weak = false);
  /// A symbol that livepatch resolves, by its full name (".klp.sym.vmlinux.f,0"). One for each name.
  elf::SymbolIndex livepatch(const std::string& name);

  /// Makes the field at `place` point to `symbol` + `addend`, as a 64-bit address.
  void point(Place place, elf::SymbolIndex symbol, std::int64_t addend = 0);
  void point(Place place, Place target);

  /// As a relocation that livepatch applies when `owner` ("vmlinux" or a module) is there.
  void relocate_late(elf::SectionIndex section, const std::string& owner, const elf::Relocation& relocation);

  /// Where `symbol` + `addend` of `part` is in the module. The symbol is not undefined there. Fails if
  /// it went into no section.
  Result<Target> locate(const Part& part, elf::SymbolIndex symbol, std::int64_t addend);

  elf::Object& object() { return object_; }
  const elf::Object& object() const { return object_; }
  elf::Section& section(Place place) { return object_.sections[place.section]; }

  /// The module as an object: sections in the order in which kbuild's modules have them, that is by
  /// kind, and symbols with sections first.
  elf::Object finish() &&;

 private:
  Status place(Part& part, elf::SectionIndex index, const std::string& name);
  void add_symbols(Part& part, const std::set<elf::SectionIndex>& following);
  Result<elf::SectionIndex> section_for(const PieceKind& kind);
  Result<Place> reserve(const PieceKind& kind, std::uint64_t size);

  elf::Object object_;
  std::map<std::string, elf::SectionIndex> sections_;
  std::map<elf::SectionIndex, elf::SymbolIndex> section_symbols_;
  std::map<std::string, elf::SymbolIndex> outside_;  // undefined and livepatch symbols
};

}  // namespace suture::patch::emitter
