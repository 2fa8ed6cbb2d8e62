#include "patch/passes/initial_values.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "patch/instructions.h"
#include "patch/passes/section_names.h"

namespace suture::patch {
namespace {

constexpr std::uint64_t longest = 8;  // bytes that one store writes
constexpr std::uint64_t field = 4;

bool is_name(std::string_view text) {
  return !text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) == 0 &&
         std::ranges::all_of(text, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; });
}

// One place for all: no copy for each CPU, nothing that is gone after boot.
bool is_plain(std::string_view section) {
  const bool data = section.starts_with(".data") || section.starts_with(".bss") || section.starts_with(".rodata");
  return data && !section.starts_with(".data..percpu") && !is_init(section);
}

std::uint8_t byte_at(ByteView bytes, std::uint64_t at) { return at < bytes.size() ? bytes[at] : 0; }

using ByOffset = std::map<std::uint64_t, const Reference*>;

ByOffset by_offset(const Piece& piece) {
  ByOffset found;
  for (const auto& reference : piece.references) found.emplace(reference.offset, &reference);
  return found;
}

class Finder {
 public:
  Finder(const Pair& pair, const Comparison& comparison, PieceIndex original, PieceIndex patched)
      : pair_(pair), comparison_(comparison), o_(pair.original.pieces[original]), p_(pair.patched.pieces[patched]) {}

  std::optional<InitialValue> run() {
    if (o_.kind != PieceKind::variable || o_.size != p_.size || !is_name(p_.name) || o_.name != p_.name) return {};
    if (!is_plain(pair_.original.section(o_).name) || !is_plain(pair_.patched.section(p_).name)) return {};
    find_differences();
    const auto word = find_word();
    if (!word) return {};
    const auto before = value(pair_.original, o_, before_, *word);
    const auto after = value(pair_.patched, p_, after_, *word);
    if (!before || !after) return {};
    return InitialValue{.variable = p_.name,
                        .offset = word->begin,
                        .size = word->end - word->begin,
                        .before = *before,
                        .after = *after,
                        .elsewhere = elsewhere(*word)};
  }

 private:
  struct Word {
    std::uint64_t begin = 0, end = 0;  ///< in the piece
  };

  void find_differences() {
    std::set<std::uint64_t> relocated;
    const auto look = [&](const ByOffset& all) {
      for (const auto& [offset, reference] : all) {
        const auto o = before_.find(offset);
        const auto p = after_.find(offset);
        const bool same = o != before_.end() && p != after_.end() && comparison_.same_reference(*o->second, *p->second);
        for (std::uint64_t i = offset; i < offset + relocation_size(reference->type); ++i) {
          relocated.insert(i);
          if (!same) differing_.insert(i);
        }
      }
    };
    look(before_);
    look(after_);
    const auto a = pair_.original.bytes(o_);
    const auto b = pair_.patched.bytes(p_);
    for (std::uint64_t i = 0; i < p_.size; ++i) {
      if (!relocated.contains(i) && byte_at(a, i) != byte_at(b, i)) differing_.insert(i);
    }
  }

  // The aligned word around all that differs: the whole variable if that is one; else no less than most fields
  // have, lest a part of a value is compared and replaced. How the variable is aligned, its section says.
  std::optional<Word> find_word() const {
    if (differing_.empty()) return {};
    const auto alignment = std::min(pair_.original.section(o_).alignment, pair_.patched.section(p_).alignment);
    if (o_.start % alignment != 0 || p_.start % alignment != 0) return {};
    const auto most = std::min(longest, alignment);
    for (auto size = p_.size == 1 || p_.size == 2 || p_.size == longest ? p_.size : field; size <= most; size *= 2) {
      const auto begin = *differing_.begin() / size * size;
      if (*differing_.rbegin() < begin + size && begin + size <= p_.size) return Word{begin, begin + size};
    }
    return {};
  }

  // As C for the end of the source file.
  std::optional<std::string> value(const Program& program, const Piece& piece, const ByOffset& references,
                                   const Word& word) const {
    const auto first = references.lower_bound(word.begin);
    if (first != references.end() && first->first < word.end) {
      const bool whole_word = first->first == word.begin && word.end - word.begin == longest;
      return whole_word && first->second->type == R_X86_64_64 ? address(program, *first->second) : std::nullopt;
    }
    std::uint64_t number = 0;
    for (auto i = word.end; i-- > word.begin;) number = number << 8U | byte_at(program.bytes(piece), i);
    return fmt::format("{:#x}", number);
  }

  std::string elsewhere(const Word& word) const {
    const auto found = after_.find(word.begin);
    if (found == after_.end() || found->second->piece != no_piece) return {};
    return pair_.patched.object->symbols[found->second->external].name;
  }

  // What the kernel has, and keeps when the live patch goes. A pointer to what comes with the live patch would be left
  // dangling: no callback of a live patch that is replaced by a newer level runs, and then it is unloaded.
  std::optional<std::string> address(const Program& program, const Reference& reference) const {
    const auto* name = &program.object->symbols[reference.external].name;
    std::int64_t start = 0;
    if (reference.piece != no_piece) {
      const auto& target = program.pieces[reference.piece];
      const bool in_patched = &program == &pair_.patched;
      const auto counterpart =
          in_patched ? pair_.correlation.original[reference.piece] : pair_.correlation.patched[reference.piece];
      if (counterpart == no_piece || target.is_content() || is_init(program.section(target).name)) return {};
      name = &target.name;
      if (target.kind == PieceKind::function) start = static_cast<std::int64_t>(program.entry_offset(target));
    }
    if (!is_name(*name) || reference.target != start) return {};
    return fmt::format("(unsigned long)&{}", *name);
  }

  const Pair& pair_;
  const Comparison& comparison_;
  const Piece& o_;
  const Piece& p_;
  const ByOffset before_ = by_offset(o_);
  const ByOffset after_ = by_offset(p_);
  std::set<std::uint64_t> differing_;
};

}  // namespace

std::optional<InitialValue> find_initial_value(const Pair& pair, const Comparison& comparison, PieceIndex original,
                                               PieceIndex patched) {
  return Finder(pair, comparison, original, patched).run();
}

}  // namespace suture::patch
