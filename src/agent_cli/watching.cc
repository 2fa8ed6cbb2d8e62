#include "agent_cli/watching.h"

#include "agent/levels/level_plan.h"
#include "agent_cli/floor.h"

namespace suture::agent_cli {

// The journal is read when it has changed: people work on the host too.
Status Watching::follow_journal() {
  std::error_code none;
  const std::pair now{fs::file_size(site_.journal_file(), none), fs::last_write_time(site_.journal_file(), none)};
  if (now == journal_) return {};
  const auto history = TRY(site_.look());
  journal_ = now;
  const auto kernel = site_.kernel_build_id();
  const auto* record = agent::plan_to_watch(history, kernel);
  if (record == nullptr) {
    watch_.reset();
    return {};
  }
  is_last_ = record == &history.plans.back() && check_floor(site_, history, level_below(site_, history)).has_value();
  if (watch_ && watch_->plan() == record->plan.id) return {};
  watch_.emplace(site_.root, site_.config.health.probes, history, *record, site_.boot_id());
  const auto level = agent::level_in_force({.plans = {*record}}, kernel);
  of_ = {.plan = record->plan.id, .subject = record->plan.subject, .level = level ? level->level : 0};
  committed_at_ = record->committed_at;
  tried_ = false;
  return {};
}

std::optional<Worse> Watching::look() {
  next_ = site_.clock.monotonic() + site_.config.health.watch_interval;
  if (!follow_journal() || !watch_) return std::nullopt;
  const auto& reason = watch_->look();
  return reason.empty() ? std::nullopt : std::optional(worse(reason));
}

Worse Watching::worse(const std::string& reason) {
  auto found = of_;
  of_.is_news = false;
  found.reason = reason;
  const auto since = std::chrono::seconds(site_.clock.now() - committed_at_);
  found.is_taken_back = is_last_ && !tried_ && since >= since.zero() && since < site_.config.health.watch;
  return found;
}

}  // namespace suture::agent_cli
