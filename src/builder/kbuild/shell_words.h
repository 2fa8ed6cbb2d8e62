#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace suture::builder {

/// The commands of a shell line, "gcc -DX='\"y\"' -c a.c ; objtool a.o", as argument lists. Knows
/// quoting and ";"; anything else that a shell would act on is an error: we do not run shells.
Result<std::vector<std::vector<std::string>>> split_commands(std::string_view line);

}  // namespace suture::builder
