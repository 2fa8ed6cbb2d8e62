#include "server/domain/hosts/report_view.h"

#include "base/json.h"
#include "base/strict_json.h"

namespace suture::server {
namespace {

/// Empty if it is not there: an inventory has what the agent knew.
std::string text_or_empty(const json::Fields& fields, std::string_view name) {
  const auto* found = fields.all().if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

rollout::Verdict verdict_of(std::string_view word) {
  if (word == "well") return rollout::Verdict::well;
  if (word == "worse") return rollout::Verdict::worse;
  return word == "unknown" ? rollout::Verdict::unknown : rollout::Verdict::none;
}

}  // namespace

Result<ReportView> view(const HostReport& stored) {
  const auto value = TRY(json::parse(stored.body, "report of " + stored.host));
  auto fields = TRY(json::Fields::of(value, "report of " + stored.host));
  const auto inventory = TRY(fields.object("inventory"));
  auto status = TRY(fields.object("status"));
  ReportView read;
  read.release = text_or_empty(inventory, "kernel");
  read.build_id = text_or_empty(inventory, "build_id");
  read.verdict = TRY(status.string("verdict"));
  read.state = TRY(status.string("state"));
  auto& report = read.report;
  report.reason = text_or_empty(status, "reason");
  report.at = stored.at;
  report.level = static_cast<rollout::Level>(TRY(status.integer("level", 0, 0xffff'ffff)));
  report.busy = read.state == "busy";
  report.damaged = read.state == "damaged";
  report.failed = read.state == "failed";
  report.verdict = verdict_of(read.verdict);
  if (fields.find("agent") != nullptr) {
    auto agent = TRY(fields.object("agent"));
    read.agent = TRY(agent.string("version"));
  }
  if (fields.find("load") != nullptr) {
    auto load = TRY(fields.object("load"));
    report.loaded = TRY(load.boolean("enough"));
  }
  if (fields.find("assignment") != nullptr) {
    auto assignment = TRY(fields.object("assignment"));
    read.assignment = TRY(assignment.integer("sequence", 1));
    read.outcome = TRY(assignment.string("outcome"));
    read.why = text_or_empty(assignment, "reason");
    report.failed = report.failed || read.outcome == "failed" || read.outcome == "refused";
    report.busy = report.busy || read.outcome == "started";
  }
  if (fields.find("readings") != nullptr) {
    const auto readings = TRY(fields.object("readings"));
    for (const auto& [name, number] : readings.all())
      if (number.is_number()) read.readings[name] = number.to_number<double>();
  }
  return read;
}

}  // namespace suture::server
