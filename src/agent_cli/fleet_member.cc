#include "agent_cli/fleet_member.h"

#include <algorithm>

#include "agent/fleet/checkpoints.h"
#include "agent/fleet/readings.h"
#include "agent/upgrade/record.h"
#include "agent_cli/exit_codes.h"
#include "agent_cli/serve_agent.h"
#include "agent_cli/standing.h"
#include "agent_cli/tell.h"
#include "base/json.h"
#include "base/version.h"

namespace suture::agent_cli {
namespace {

constexpr agent::Milliseconds first_pause{1'000}, longest_pause{300'000};
constexpr long long_poll = 50, answer_time = 75;  // seconds

trust::tuf::Time clock_time(Site& site) { return trust::tuf::Time(std::chrono::seconds(site.clock.now())); }

}  // namespace

fs::path fleet_directory(const Site& site) { return fs::path(site.config.state) / "fleet"; }

FleetMember::FleetMember(Site& site, fs::path directory, agent::Membership member, agent::Reports reports,
                         agent::Duty duty)
    : site_(site),
      directory_(std::move(directory)),
      member_(std::move(member)),
      reports_(std::move(reports)),
      duty_(std::move(duty)) {}

Result<std::unique_ptr<FleetMember>> FleetMember::open(Site& site) {
  const auto directory = fleet_directory(site);
  auto member = TRY(agent::membership(directory));
  if (!member) return std::unique_ptr<FleetMember>();
  auto reports = TRY(agent::Reports::open(directory));
  auto duty = TRY(agent::read_duty(directory));
  return std::unique_ptr<FleetMember>(
      new FleetMember(site, directory, std::move(*member), std::move(reports), std::move(duty)));
}

agent::LinkOptions FleetMember::options() const { return {.user = site_.config.fetch.user}; }

void FleetMember::failed(const Error& error) {
  asked_.reset();
  // A server that is away for a day is no news each minute.
  if (auto text = error.describe(); text != told_) {
    tell(4, fmt::format("fleet: {}", text));
    told_ = std::move(text);
  }
  pause_ = std::clamp(pause_ * 2, first_pause, longest_pause);
  next_ask_ = site_.clock.monotonic() + pause_;
}

void FleetMember::heard_well() {
  pause_ = agent::Milliseconds(0);
  told_.clear();
}

void FleetMember::ask() {
  if (asked_ || is_upgrading(duty_) || site_.clock.monotonic() < next_ask_) return;
  auto link = agent::Link::open(member_, options());
  if (!link) return failed(link.error());
  const auto begun =
      link->begin(fmt::format("/v1/agent/assignment?after={}&wait={}", duty_.sequence, long_poll), answer_time);
  if (!begun) return failed(begun.error());
  asked_ = std::move(*link);
}

std::optional<trust::Assignment> FleetMember::hear() {
  const auto answer = asked_->finish();
  asked_.reset();
  if (!answer) {
    failed(answer.error());
    return std::nullopt;
  }
  if (answer->status != 200 && answer->status != 204) {
    failed(Error(agent::reason_of(*answer)));
    return std::nullopt;
  }
  if (answer->status == 204) {
    heard_well();
    return std::nullopt;
  }
  const auto opened = trust::open_assignment(answer->body, member_.assignment_key, "the server's assignment");
  if (!opened) {
    failed(opened.error());
    return std::nullopt;
  }
  if (const auto fault = find_fault(*opened, member_.host, duty_, clock_time(site_)); !fault.empty()) {
    failed(Error("the server's assignment is not carried out: " + fault));
    return std::nullopt;
  }
  agent::Duty begun{.sequence = opened->sequence,
                    .outcome = "started",
                    .level = opened->target ? opened->target->level : 0,
                    .agent = opened->agent ? opened->agent->version : ""};
  // Nothing is begun that a later agent would not know of.
  if (const auto kept = keep(directory_, begun); !kept) {
    failed(kept.error());
    return std::nullopt;
  }
  heard_well();
  duty_ = std::move(begun);
  return *opened;
}

void FleetMember::answer(agent::Duty duty) {
  if (const auto kept = keep(directory_, duty); !kept) tell(3, kept.error().describe());
  duty_ = std::move(duty);
}

void FleetMember::turned_worse(std::uint32_t level, const std::string& reason) {
  if (level == 0 || duty_.level != level || duty_.outcome != "done" || duty_.verdict == "worse") return;
  auto duty = duty_;
  duty.verdict = "worse";
  duty.reason = reason;
  answer(std::move(duty));
  report(false);
}

Result<std::string> FleetMember::content(bool busy, const host::Reading& now) const {
  const auto standing = TRY(look_around(site_));
  auto inventory = TRY(json::parse(json::to_text(standing), "standing"));
  const auto* state = busy || duty_.outcome == "started" ? "busy" : standing.state == "critical" ? "damaged" : "idle";
  const auto reason = !duty_.reason.empty() ? duty_.reason : standing.last;
  boost::json::object report{
      {"steps_known", {"livepatch", "module", "service", "sysctl"}},
      {"inventory", std::move(inventory)},
      {"status", {{"level", standing.level}, {"state", state}, {"verdict", duty_.verdict}, {"reason", reason}}},
      // The minimum of load is part of the verdict: a host that was too quiet is not called well.
      {"load", {{"enough", duty_.verdict == "well"}}},
      {"agent", {{"version", version()}}}};
  if (last_) report["readings"] = boost::json::value_from(agent::readings_between(*last_, now));
  if (duty_.sequence != 0)
    report["assignment"] = {{"sequence", duty_.sequence}, {"outcome", duty_.outcome}, {"reason", duty_.reason}};
  return boost::json::serialize(report);
}

Status FleetMember::send(agent::Link& link) {
  const auto answer = TRY(link.ask("PUT", "/v1/agent/report", reports_.pending(), {}));
  if (answer.status != 200) return fail("report: {}", agent::reason_of(answer));
  TRY(reports_.acknowledged());
  const auto kept = take_checkpoint(answer.body);
  if (!kept) tell(4, fmt::format("fleet: {}", kept.error().describe()));
  return {};
}

Status FleetMember::take_checkpoint(std::string_view document) {
  const auto shown = TRY(trust::open_checkpoint(document, member_.assignment_key, "the server's checkpoint"));
  const auto conflict = TRY(agent::Checkpoints(directory_).take(shown, document, clock_time(site_)));
  if (!conflict.empty()) tell(2, fmt::format("fleet: {}: {}", audit_changed, conflict));
  return {};
}

Status FleetMember::renew(agent::Link& link) {
  if (!TRY(agent::is_renewal_due(member_, site_.clock.now()))) return {};
  const auto request = TRY(agent::renewal_request(member_));
  const auto answer = TRY(link.ask("POST", "/v1/agent/renew", request, {}));
  if (answer.status != 200) return fail("renewing the certificate: {}", agent::reason_of(answer));
  return agent::take_renewal(directory_, member_, answer.body);
}

Status FleetMember::try_report(bool busy) {
  auto link = TRY(agent::Link::open(member_, options()));
  if (!reports_.pending().empty()) TRY(send(link));
  auto now = host::take_reading(site_.root, host::now());
  const auto next = TRY(content(busy, now));
  TRY(reports_.add(next));
  now.unreadable.clear();  // it is kept until the next report, and nobody asks
  last_ = std::move(now);
  TRY(send(link));
  // By this the installer knows that the program it has put here works.
  if (is_upgrading(duty_) && duty_.agent == version()) TRY(agent::mark_reported(upgrade_directory(site_), version()));
  return renew(link);
}

void FleetMember::report(bool busy) {
  const auto reported = try_report(busy);
  if (!reported) tell(4, fmt::format("fleet: {}", reported.error().describe()));
  next_report_ = site_.clock.monotonic() + site_.config.report;
}

bool FleetMember::report_if_due(bool busy) {
  if (site_.clock.monotonic() < next_report_) return false;
  report(busy);
  return true;
}

agent::Milliseconds FleetMember::next() const {
  return asked_ || is_upgrading(duty_) ? next_report_ : std::min(next_report_, next_ask_);
}

}  // namespace suture::agent_cli
