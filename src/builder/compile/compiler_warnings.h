// What GCC warns of, and objtool after it, taken from what they say.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace suture::builder {

/// Without the line and column: a warning that only moved is the same.
struct CompilerWarning {
  std::string file;
  std::string function;  ///< in which, and not in what it inlined, nor in which part of it; empty at file scope
  std::string text;      ///< "unused variable 'x' [-Wunused-variable]", "objtool: return with UACCESS enabled"
  auto operator<=>(const CompilerWarning&) const = default;
};

/// All warnings in GCC's words of LC_ALL=C ("FILE:LINE:COLUMN: warning: …", under the last "In function 'NAME'"),
/// sorted; one that is given twice is there twice. `file_name` turns a file as GCC spells it into what it is to be
/// called.
std::vector<CompilerWarning> compiler_warnings(std::string_view said,
                                               const std::function<std::string(std::string_view)>& file_name);

/// The same of objtool ("OBJECT: warning: objtool: FUNCTION+0xOFFSET: …", tools/objtool/include/objtool/warn.h,
/// Linux 6.1 and 6.12), which names no source: they are called warnings of `source`. Offsets are left out.
std::vector<CompilerWarning> objtool_warnings(std::string_view said, const std::string& source);

/// Those of `after` that `before` has not, or not so often. Both sorted.
std::vector<CompilerWarning> new_warnings(const std::vector<CompilerWarning>& before,
                                          const std::vector<CompilerWarning>& after);

}  // namespace suture::builder
