#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace suture::trust::tuf {

/// Why metadata or a target is not trusted.
enum class Reason {
  malformed,       ///< it cannot be read
  bad_signatures,  ///< fewer keys signed it than must: arbitrary software
  rollback,        ///< older than what was seen before
  expired,         ///< nothing newer was offered in time: freeze
  mismatch,        ///< not the one that other metadata speaks of: mix and match, wrong software
  too_long,        ///< longer than announced or allowed: endless data
  missing,         ///< the repository does not have it
};

/// "rollback"; stable, for reports.
std::string_view name_of(Reason reason);

struct Refusal {
  Reason reason;
  std::string message;  ///< names the file and what is wrong with it
};

using Verdict = tl::expected<void, Refusal>;

}  // namespace suture::trust::tuf
