// How every command shows refusals to people.
#pragma once

#include <vector>

#include "patch/refusal.h"

namespace suture::cli {

/// Two spaces in front, three lines each.
void print_refusals(const std::vector<patch::Refusal>& refusals);

}  // namespace suture::cli
