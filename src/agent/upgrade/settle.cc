#include "agent/upgrade/settle.h"

namespace suture::agent {
namespace {

/// Empty if it went well.
std::string failure(const Duty& duty, const Result<std::optional<Upgrade>>& record, std::string_view running) {
  if (!record) return record.error().describe();
  if (!*record || (*record)->sequence != duty.sequence) return "the agent was ended before it began to install";
  const auto& reason = (*record)->reason;
  if ((*record)->phase == UpgradePhase::failed) return reason.empty() ? "the installer gave no reason" : reason;
  if (duty.agent != running) return fmt::format("{} was installed, and {} runs", duty.agent, running);
  return {};
}

}  // namespace

Duty settle_upgrade(Duty duty, const Result<std::optional<Upgrade>>& record, std::string_view running) {
  if (record && *record && (*record)->sequence == duty.sequence && !is_over(**record)) return duty;
  duty.reason = failure(duty, record, running);
  duty.outcome = duty.reason.empty() ? "done" : "failed";
  duty.verdict = duty.reason.empty() ? "well" : "none";
  return duty;
}

}  // namespace suture::agent
