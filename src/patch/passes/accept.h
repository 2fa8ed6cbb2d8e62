// What an author can agree to leave unfixed until the next boot: code that has run already, or that
// cannot be replaced where it runs, data that only such code reads, and entries of lists that only such
// code goes through; and structs that exist already, which have anything in a new field.
#pragma once

#include <array>
#include <set>
#include <string>
#include <string_view>

#include "patch/passes/program.h"

namespace suture::patch {

/// Refusal codes that `suture build --accept` takes.
constexpr std::array<std::string_view, 5> acceptable_codes{"init-code", "exit-code", "init-data", "registration",
                                                           "struct-padding"};

/// The pieces of the patched program whose differences those codes leave aside.
std::set<PieceIndex> find_accepted(const Program& patched, const std::set<std::string>& codes);

}  // namespace suture::patch
