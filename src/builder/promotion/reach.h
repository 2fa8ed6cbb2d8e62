#pragma once

#include <vector>

#include "builder/compare/code_match.h"

namespace suture::builder {

/// A refusal for each changed function that nothing redirects and that no redirected function of the live
/// patch leads to, by what the new code calls: its new version would never run.
std::vector<patch::Refusal> refuse_unreached(const std::vector<Unit>& units);

}  // namespace suture::builder
