// Whether two pieces are the same: equal bytes outside the fields that refer elsewhere, and
// references that mean the same things. Pieces with an identity are the same target if they are
// paired; content is the same if it is equal, followed as deep as it goes.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "patch/passes/correlate.h"
#include "patch/passes/program.h"

namespace suture::patch {

class Comparison {
 public:
  Comparison(const Program& original, const Program& patched, const Correlation& correlation)
      : original_(original), patched_(patched), correlation_(correlation) {}

  /// What differs, in words with the place in the patched piece; nothing if they are the same. A
  /// change of nothing but __LINE__, where a warning is its only reader, is no difference.
  std::optional<std::string> difference(PieceIndex original, PieceIndex patched) const;

  bool same(PieceIndex original, PieceIndex patched) const { return !difference(original, patched); }

  /// Whether two fields at one place mean the same thing.
  bool same_reference(const Reference& o, const Reference& p) const;

 private:
  std::optional<std::string> compute(PieceIndex original, PieceIndex patched) const;
  std::optional<std::string> different_bytes(const Piece& o, const Piece& p) const;
  std::optional<std::string> different_entries(const Piece& o, const Piece& p) const;
  bool same_target(PieceIndex o, PieceIndex p) const;
  std::string target_name(const Program& program, const Reference& reference) const;

  const Program& original_;
  const Program& patched_;
  const Correlation& correlation_;
  mutable std::map<std::pair<PieceIndex, PieceIndex>, bool> content_;  // memo, and guard against cycles
};

}  // namespace suture::patch
