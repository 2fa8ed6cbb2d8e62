#include "agent/fleet/duty.h"

#include "base/json.h"
#include "base/read_described.h"

namespace suture::agent {

BOOST_DESCRIBE_STRUCT(Duty, (), (sequence, outcome, reason, verdict, level))

namespace {
constexpr auto name = "duty.json";
}

Result<Duty> read_duty(const fs::path& directory) {
  const auto file = directory / name;
  if (!fs::exists(file)) return Duty{};
  const auto text = TRY(read_text(file));
  return json::from_strict_text<Duty>(text, file.string());
}

Status keep(const fs::path& directory, const Duty& duty) { return write_text(directory / name, json::to_text(duty)); }

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
