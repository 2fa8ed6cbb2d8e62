// How every command shows refusals and warnings to people.
#pragma once

#include <string>
#include <vector>

#include "patch/refusal.h"

namespace suture::cli {

/// Lines with two spaces in front: three for each refusal, then one for each warning.
std::string findings(const std::vector<patch::Refusal>& refusals, const std::vector<patch::Warning>& warnings = {});

}  // namespace suture::cli
