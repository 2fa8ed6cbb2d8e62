// A fix as its author sent it: a unified diff, as git or diff write it, perhaps in a mail or a series
// of mails. Only the text is looked at here, no file of the kernel.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace suture::builder {

/// What a diff does to one file.
struct FileDiff {
  enum class Kind { change, create, remove, rename, binary };
  Kind kind = Kind::change;
  std::string old_name = {};  ///< as written, with whatever prefix; empty for /dev/null
  std::string new_name = {};
  std::string hunks = {};  ///< the text from the first "@@" on, unchanged but for the CRs of CRLF mails
  std::size_t line = 0;    ///< where it begins in the diff, counted from 1
  /// Relative to the kernel's source tree, without ".." or empty parts. Empty until resolve_paths().
  std::string path = {};
};

struct Fix {
  std::string name;               ///< what errors call it
  std::string subject;            ///< of the first mail, without "[PATCH …]"; empty for a bare diff
  std::string author;             ///< "Ann Example <ann@example.org>"; empty for a bare diff
  std::vector<std::string> cves;  ///< "CVE-2026-12345", as the text around the hunks names them, sorted
  std::vector<FileDiff> files;    ///< in the order in which they apply; one file may come twice
};

/// Hunks are counted line by line, so whatever surrounds them (signatures, mail headers) is not
/// mistaken for code. The error names the line.
Result<Fix> parse_fix(std::string_view text, std::string_view name);

/// Sets FileDiff::path. "a/" and "b/" are dropped; otherwise as many leading directories, the same
/// number everywhere, as makes most of the files ones that `exists` knows. A path that would leave
/// the tree is an error.
Status resolve_paths(Fix& fix, const std::function<bool(const std::string& path)>& exists);

}  // namespace suture::builder
