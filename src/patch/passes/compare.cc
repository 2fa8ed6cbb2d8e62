#include "patch/passes/compare.h"

#include <Zydis/Zydis.h>
#include <algorithm>
#include <array>
#include <set>

#include "patch/instructions.h"

namespace suture::patch {
namespace {

// Callees whose line argument only ends up in a message. x86's WARN() keeps its line in
// __bug_table; these are the calls that still take one, from Linux 3.x to 6.12.
bool takes_a_line(std::string_view callee) {
  constexpr std::array<std::string_view, 14> names{
      "__might_sleep",          "___might_sleep",          "__might_fault",           "__might_resched",
      "warn_slowpath_fmt",      "warn_slowpath_null",      "warn_slowpath_fmt_taint", "__warn_printk",
      "lockdep_rcu_suspicious", "lockdep_rcu_dereference", "__lock_sock_nested_line", "__cant_sleep",
      "__cant_migrate",         "dump_page_line"};
  return std::find(names.begin(), names.end(), callee) != names.end();
}

struct Masked {
  explicit Masked(const std::vector<Reference>& references) {
    for (const auto& reference : references) mask(reference.offset, relocation_size(reference.type));
  }
  void mask(std::uint64_t offset, std::uint64_t size) {
    for (std::uint64_t i = 0; i < size; ++i) bytes.insert(offset + i);
  }
  std::set<std::uint64_t> bytes;
};

std::optional<std::uint64_t> first_difference(ByteView a, ByteView b, const Masked& masked) {
  for (std::uint64_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (a[i] != b[i] && !masked.bytes.contains(i)) return i;
  }
  if (a.size() != b.size()) return std::min(a.size(), b.size());
  return std::nullopt;
}

// What UBSAN hands to its handlers begins with struct source_location (lib/ubsan.h): file, line,
// column. GCC calls it .Lubsan_data*, Clang gives it no name.
bool is_check_location(const Program& program, const Piece& piece) {
  if (piece.kind != PieceKind::anonymous || piece.references.empty() || piece.references.front().offset != 0)
    return false;
  const auto& section = program.section(piece).name;
  return section.find(".Lubsan_data") != std::string::npos || section.find(".L__unnamed_") != std::string::npos;
}

// Fields of a table entry that say where in the source something stands.
// include/asm-generic/bug.h, struct bug_entry with CONFIG_DEBUG_BUGVERBOSE: line is the 16 bits
// after the one or two references.
bool is_line_field(std::string_view section, const TableEntry& entry, std::uint64_t offset) {
  if (section != "__bug_table" || entry.references.size() < 2) return false;
  const auto& file = entry.references[1];
  const auto line = file.offset + relocation_size(file.type);
  return offset >= line && offset < line + 2;
}

// include/asm-generic/sections.h: read-only once the kernel has booted, or the module has been loaded.
bool stays_writable(const elf::Section& section) {
  return section.is_writable() && !section.name.starts_with(".data..ro_after_init");
}

}  // namespace

std::optional<std::string> Comparison::difference(PieceIndex original, PieceIndex patched) const {
  const auto& p = patched_.pieces[patched];
  if (!p.is_content()) return compute(original, patched);
  const auto [known, is_new] = content_.try_emplace({original, patched}, true);
  if (is_new) {
    auto found = compute(original, patched);
    content_[{original, patched}] = !found;
    return found;
  }
  if (known->second) return std::nullopt;
  return "content differs";
}

std::optional<std::string> Comparison::compute(PieceIndex original, PieceIndex patched) const {
  const auto& o = original_.pieces[original];
  const auto& p = patched_.pieces[patched];
  if (o.kind != p.kind) return "is another kind of thing";
  if (!stays_writable(original_.section(o)) && stays_writable(patched_.section(p)))
    return "moved from read-only to writable memory";
  if (o.size != p.size) return fmt::format("{} bytes became {}", o.size, p.size);
  const bool is_ddebug = patched_.section(p).name == "__dyndbg";
  // lib/dynamic_debug.c, struct _ddebug: the only plain data beside flags is the line.
  if (!is_ddebug) {
    if (auto bytes = different_bytes(o, p)) return bytes;
  }
  if (o.references.size() != p.references.size()) return "refers to other things";
  for (std::size_t i = 0; i < o.references.size(); ++i) {
    if (!same_reference(o.references[i], p.references[i])) {
      return fmt::format("+{:#x}: {} became {}", p.references[i].offset, target_name(original_, o.references[i]),
                         target_name(patched_, p.references[i]));
    }
  }
  return different_entries(o, p);
}

std::optional<std::string> Comparison::different_bytes(const Piece& o, const Piece& p) const {
  const auto a = original_.bytes(o);
  const auto b = patched_.bytes(p);
  Masked masked(p.references);
  if (is_check_location(patched_, p)) masked.mask(8, 4);
  const auto at = first_difference(a, b, masked);
  if (!at) return std::nullopt;
  const auto there = fmt::format("+{:#x}", *at);
  if (p.kind != PieceKind::function) return there;

  // Perhaps nothing but line numbers: mov $imm32, %esi or %edx on the way to a call that takes one.
  const auto before = decode(a);
  const auto after = decode(b);
  if (before.size() != after.size()) return there;
  for (std::size_t i = 0; i < after.size(); ++i) {
    const auto& x = before[i];
    const auto& y = after[i];
    if (x.offset != y.offset || x.length != y.length) return there;
    const auto difference = first_difference(a.subspan(x.offset, x.length), b.subspan(y.offset, y.length),
                                             Masked(std::vector<Reference>{}));
    if (!difference) continue;
    bool only_references = true;
    for (std::uint64_t k = y.offset; k < y.end(); ++k) only_references &= a[k] == b[k] || masked.bytes.contains(k);
    if (only_references) continue;
    if (y.mnemonic != ZYDIS_MNEMONIC_MOV || y.immediate.size != 4 || *difference + y.offset < y.immediate.offset)
      return there;
    bool is_line = false;
    for (std::size_t k = i + 1; k < std::min(after.size(), i + 12); ++k) {
      if (after[k].flow == Flow::next) continue;
      if (after[k].flow != Flow::call) break;
      for (const auto& reference : p.references) {
        if (!after[k].immediate.holds(reference.offset)) continue;
        const auto callee = reference.external != 0 ? patched_.object->symbols[reference.external].name
                                                    : patched_.pieces[reference.piece].name;
        is_line = takes_a_line(callee);
      }
      break;
    }
    if (!is_line) return there;
  }
  return std::nullopt;
}

std::optional<std::string> Comparison::different_entries(const Piece& o, const Piece& p) const {
  const auto with_meaning = [](const Program& program, const Piece& piece) {
    std::vector<const TableEntry*> entries;
    for (const auto& entry : piece.entries) {
      if (table_kind(program.object->sections[entry.section].name)->has_meaning) entries.push_back(&entry);
    }
    std::stable_sort(entries.begin(), entries.end(), [&](const auto* a, const auto* b) {
      return program.object->sections[a->section].name < program.object->sections[b->section].name;
    });
    return entries;
  };
  const auto before = with_meaning(original_, o);
  const auto after = with_meaning(patched_, p);
  if (before.size() != after.size()) return fmt::format("{} table entries became {}", before.size(), after.size());
  for (std::size_t i = 0; i < after.size(); ++i) {
    const auto& x = *before[i];
    const auto& y = *after[i];
    const auto& table = patched_.object->sections[y.section].name;
    const auto what = fmt::format("entry of {} changed", table);
    if (original_.object->sections[x.section].name != table || x.size != y.size ||
        x.references.size() != y.references.size())
      return what;
    const auto a = original_.bytes(x);
    const auto b = patched_.bytes(y);
    const Masked masked(y.references);
    if (a.size() != b.size()) return what;
    for (std::uint64_t k = 0; k < b.size(); ++k) {
      if (a[k] != b[k] && !masked.bytes.contains(k) && !is_line_field(table, y, k)) return what;
    }
    for (std::size_t k = 0; k < y.references.size(); ++k) {
      const auto& r = x.references[k];
      const auto& s = y.references[k];
      // An entry's own code is what is being compared: only the place in it matters.
      const bool own = r.piece != no_piece && s.piece != no_piece && &original_.pieces[r.piece] == &o &&
                       &patched_.pieces[s.piece] == &p;
      if (own ? r.target != s.target : !same_reference(r, s)) return what;
    }
  }
  return std::nullopt;
}

bool Comparison::same_reference(const Reference& o, const Reference& p) const {
  if (o.offset != p.offset || o.target != p.target || o.bias != p.bias) return false;
  const bool both_branch = o.branch && p.branch;  // PC32 or PLT32, or none: all mean "go there"
  if (!both_branch && o.type != p.type) return false;
  if (o.piece != no_piece && p.piece != no_piece) return same_target(o.piece, p.piece);
  if (o.piece != no_piece || p.piece != no_piece) return false;
  return original_.object->symbols[o.external].name == patched_.object->symbols[p.external].name;
}

bool Comparison::same_target(PieceIndex o, PieceIndex p) const {
  const auto& a = original_.pieces[o];
  const auto& b = patched_.pieces[p];
  if (a.is_content() && b.is_content()) return same(o, p);
  if (correlation_.original[p] == o) return true;
  // A fresh copy of a macro's static stands for the old one, unless it is another kind of thing.
  return correlation_.original[p] == no_piece && correlation_.patched[o] == no_piece && a.kind == b.kind &&
         a.size == b.size && base_name(a.name) == base_name(b.name) && is_expendable(base_name(b.name));
}

std::string Comparison::target_name(const Program& program, const Reference& reference) const {
  const auto name = reference.external != 0       ? program.object->symbols[reference.external].name
                    : reference.piece != no_piece ? program.pieces[reference.piece].name
                                                  : "?";
  return reference.target == 0 ? name : fmt::format("{}{:+#x}", name, reference.target);
}

}  // namespace suture::patch
