// What is committed, applied again after a boot: no step outlives one. A subject that may have brought
// the host down is held instead, and what lies below it in force comes back.
#pragma once

#include <string>
#include <vector>

#include "agent/core/world.h"
#include "agent/history/history.h"

namespace suture::agent {

struct BootReport {
  bool was_done = false;  ///< this boot had it already
  std::vector<std::string> applied{};
  struct Held {
    std::string subject{}, reason{};
  };
  std::vector<Held> held{};  ///< now, for a reason of this boot
  std::vector<std::string> problems{};
};

/// Call after Engine::recover(). `evidence`: what the last boot left of its end, as kernel logs and the like;
/// empty if it ended as it should or left nothing.
Result<BootReport> apply_at_boot(World& world, const std::vector<std::string>& evidence);

/// A name of `symbols` that stands in `text` as a word of its own; empty if none does.
std::string named_in(const std::string& text, const std::vector<std::string>& symbols);

}  // namespace suture::agent
