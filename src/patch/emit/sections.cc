#include "patch/emit/sections.h"
#include "base/words.h"

#include <array>

namespace suture::patch::emitter {
namespace {

/// ".text.unlikely.f" is a piece of ".text.unlikely", ".text.f" one of ".text".
std::string_view code_section(std::string_view name) {
  constexpr std::array<std::string_view, 4> families{".text.unlikely", ".text.hot", ".text.startup", ".text"};
  for (const auto family : families) {
    if (name == family || (name.starts_with(family) && name[family.size()] == '.')) return family;
  }
  return name;
}

/// GCC names sections of literals after the function that uses them: ".rodata.f.str1.1".
std::string literal_section(const elf::Section& section) {
  if (section.is_strings())
    return ".rodata.str" + std::to_string(section.entry_size) + "." + std::to_string(section.alignment);
  return ".rodata.cst" + std::to_string(section.entry_size);
}

}  // namespace

std::string module_section(const elf::Section& section) {
  const std::string_view name = section.name;
  if (!section.is_allocated()) return {};
  // Every object has some that are empty; but a variable may have no size.
  if (section.size == 0 && !starts_with_any(name, {".bss.", ".data."})) return {};
  // modpost's and ld's food, and what only whole modules have.
  if (starts_with_any(name, {".discard", ".note", ".modinfo", ".export_symbol", "___ksymtab", "___kcrctab", "__ksymtab",
                             "__kcrctab", "__param", ".initcall", ".eh_frame", ".suture.", ".gnu.linkonce.this_module",
                             "__versions"})) {
    return {};
  }
  // Sealing takes ENDBR from functions whose address objtool saw no use of; it saw one object only.
  if (name == ".ibt_endbr_seal") return {};
  // Where GCC put padding; a kernel whose functions call __fentry__ does not read it.
  if (name == "__patchable_function_entries") return {};
  // Compiled for vmlinux, per-CPU variables have several sections; the loader knows this one.
  if (name.starts_with(".data..percpu")) return ".data..percpu";
  if (section.is_code()) return std::string(code_section(name));
  if (name.starts_with(".rodata.") && (section.flags & SHF_MERGE) != 0) return literal_section(section);
  for (const std::string_view family : {".rodata", ".data", ".bss"}) {
    // ".data..read_mostly" and its like, with two dots, mean something.
    if (name.size() > family.size() + 1 && name.starts_with(family) && name[family.size()] == '.' &&
        name[family.size() + 1] != '.') {
      return std::string(family);
    }
  }
  return std::string(name);
}

bool is_left_alone_by_loader(const elf::Section& section) {
  // Copied over code by apply_alternatives().
  if (section.name.starts_with(".altinstr_replacement")) return false;
  return section.is_code() || starts_with_any(section.name, {".rodata", ".data", ".bss"});
}

bool is_discarded_after_init(std::string_view name) { return starts_with_any(name, {".init", ".exit"}); }

std::uint64_t least_alignment(std::string_view name) {
  if (name == ".altinstructions" || name == "__bug_table" || name == "__jump_table") return 8;
  return 1;
}

bool may_be_padded(const elf::Section& section) {
  return section.is_code() || starts_with_any(section.name, {".rodata", ".data", ".bss", ".init", ".exit"});
}

}  // namespace suture::patch::emitter
