#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace suture::builder {

/// After a stretch of changed lines: the patched file's line `patched` is the original's `original`.
struct SameAgain {
  std::size_t original = 0;  ///< both counted from 1
  std::size_t patched = 0;
  bool operator==(const SameAgain&) const = default;
};

/// The ends of all changed stretches between two texts, in order, as GNU diff finds them.
Result<std::vector<SameAgain>> find_changes(const std::string& original, const std::string& patched);

/// `patched` with "#line" directives that give unchanged lines the numbers that they had, so that
/// functions which only moved do not change because they use __LINE__ (WARN, BUG, lockdep).
///
/// A directive is added only where it cannot change what the compiler sees: never within a comment,
/// a continued line, or parentheses (which may be a macro's arguments). Where that is not possible
/// right after a change, it comes at the next line that allows it. A text that numbers its lines
/// itself is left alone.
std::string keep_line_numbers(std::string_view patched, const std::vector<SameAgain>& changes);

/// The text without those directives: with the numbers that an author sees.
std::string true_line_numbers(std::string_view text);

}  // namespace suture::builder
