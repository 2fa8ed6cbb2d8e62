#pragma once

#include <string>
#include <vector>

#include "builder/compare/compare_sources.h"
#include "builder/report.h"
#include "builder/shipped.h"
#include "patch/delta.h"
#include "patch/match/match.h"

namespace suture::builder {

/// What a source changes in one object that it is a part of, on its way through the passes.
struct Unit {
  ChangedSource* source = nullptr;
  std::string object = {};  ///< "vmlinux" or the module's name
  patch::Delta delta = {};
  patch::MatchResult match = {};
};

/// Shows that what is replaced is what the kernel runs: the plain build equals the shipped object, and
/// the build that the delta was cut from equals the plain one. Unit::source has its `shipped`. Sets Unit::match, adds
/// to the report, and returns a refusal for each function that is not.
Result<std::vector<patch::Refusal>> match_code(Unit& unit, ShippedFiles& shipped, ReportedMatch& report);

}  // namespace suture::builder
