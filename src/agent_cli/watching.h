// The daemon's part after a commit: it goes on judging the live patch in force, whoever put it there.
#pragma once

#include <optional>
#include <string>

#include "agent/health/watch.h"
#include "agent_cli/site.h"

namespace suture::agent_cli {

/// That the host is worse by what is in force.
struct Worse {
  std::string plan{}, subject{}, reason{};
  std::uint32_t level = 0;     ///< 0: a live patch that is no level
  bool is_news = true;         ///< it was not said before
  bool is_taken_back = false;  ///< by us: its time of watch is not over, and nothing came after it
};

class Watching {
 public:
  explicit Watching(Site& site) : site_(site) {}

  /// Looks once.
  std::optional<Worse> look();
  /// When it is time to.
  agent::Milliseconds next() const { return next_; }
  /// Taking it back was tried, and is not tried again.
  void tried() { tried_ = true; }

 private:
  Status follow_journal();
  Worse worse(const std::string& reason);

  Site& site_;
  agent::Milliseconds next_{0};
  std::pair<std::uintmax_t, fs::file_time_type> journal_{};  ///< as it was read last
  std::optional<agent::Watch> watch_{};
  Worse of_{};  ///< what is watched
  std::int64_t committed_at_ = 0;
  bool is_last_ = false;  ///< nothing came after it that would have to go first
  bool tried_ = false;
};

}  // namespace suture::agent_cli
