#include "agent/fleet/duty.h"

#include "base/json.h"
#include "base/strict_json.h"

namespace suture::agent {
namespace {

constexpr auto duty_file = "duty.json";

Status read(std::string& into, json::Fields& fields, std::string_view member) {
  if (fields.find(member) != nullptr) into = TRY(fields.string(member));
  return {};
}

}  // namespace

Result<Duty> read_duty(const fs::path& directory) {
  const auto file = directory / duty_file;
  if (!fs::exists(file)) return Duty{};
  const auto text = TRY(read_text(file));
  const auto value = TRY(json::parse_strict(text, file.string()));
  auto fields = TRY(json::Fields::of(value, file.string()));
  Duty duty;
  duty.sequence = TRY(fields.integer("sequence", 0));
  TRY(read(duty.outcome, fields, "outcome"));
  TRY(read(duty.reason, fields, "reason"));
  TRY(read(duty.verdict, fields, "verdict"));
  TRY(read(duty.agent, fields, "agent"));
  if (fields.find("level") != nullptr)
    duty.level = static_cast<std::uint32_t>(TRY(fields.integer("level", 0, std::numeric_limits<std::uint32_t>::max())));
  return duty;
}

// The agent only where it is asked for: before there was such a thing, a member too many was refused.
Status keep(const fs::path& directory, const Duty& duty) {
  boost::json::object record{{"sequence", duty.sequence},
                             {"outcome", duty.outcome},
                             {"reason", duty.reason},
                             {"verdict", duty.verdict},
                             {"level", duty.level}};
  if (!duty.agent.empty()) record["agent"] = duty.agent;
  return write_text(directory / duty_file, json::pretty(record));
}

std::string find_fault(const trust::Assignment& assignment, const std::string& host, const Duty& last,
                       trust::tuf::Time now) {
  if (assignment.host != host) return fmt::format("it is for host {}", assignment.host);
  if (assignment.sequence <= last.sequence)
    return fmt::format("it has sequence {}, and {} was seen", assignment.sequence, last.sequence);
  if (assignment.not_after < now)
    return fmt::format("its time ended at {}", trust::tuf::format_time(assignment.not_after));
  return {};
}

}  // namespace suture::agent
