// Why a function changes that the fix does not name: it has a copy of one that the fix does.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "builder/compile/compile.h"
#include "builder/report.h"

namespace suture::builder {

/// By the source's name of a function: the functions that the fix changes and that the shipped kernel has in its code,
/// in the order of their names.
using FixedCopies = std::map<std::string, std::vector<ReportedCopy>, std::less<>>;
Result<FixedCopies> find_fixed_copies(const Compiler& compiler, const KbuildObject& source,
                                      const std::vector<PatchedFile>& fix);

/// Whether the fix changes, moves or removes the function whose name is at `line` of the original. It ends where the
/// kernel's style ends functions: with a brace in the first column, unless all of it is on one line.
bool changes_function(std::string_view original, std::string_view patched, std::uint64_t line);

}  // namespace suture::builder
