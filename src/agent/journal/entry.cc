#include "agent/journal/entry.h"

#include <array>
#include <utility>

#include "base/json.h"
#include "base/read_described.h"

namespace suture::agent {
namespace {

constexpr std::array<std::pair<EntryKind, std::string_view>, 15> names{{
    {EntryKind::intent, "intent"},
    {EntryKind::step_begun, "step-begun"},
    {EntryKind::step_done, "step-done"},
    {EntryKind::soaking, "soaking"},
    {EntryKind::committed, "committed"},
    {EntryKind::undoing, "undoing"},
    {EntryKind::step_undone, "step-undone"},
    {EntryKind::undone, "undone"},
    {EntryKind::stuck, "stuck"},
    {EntryKind::held, "held"},
    {EntryKind::released, "released"},
    {EntryKind::boot_begun, "boot-begun"},
    {EntryKind::boot_ended, "boot-ended"},
    {EntryKind::reboot_asked, "reboot-asked"},
    {EntryKind::reboot_over, "reboot-over"},
}};

// Names are on disks.
struct Payload {
  std::int64_t time = 0;
  std::string boot{}, plan{};
  std::int64_t step = -1;
  std::string value{}, text{};
};
BOOST_DESCRIBE_STRUCT(Payload, (), (time, boot, plan, step, value, text))

}  // namespace

std::string_view name_of(EntryKind kind) {
  for (const auto& [each, name] : names)
    if (each == kind) return name;
  return "unknown";
}

std::string payload_of(const Entry& entry) {
  const Payload payload{entry.time, entry.boot, entry.plan, entry.step, entry.value, entry.text};
  return boost::json::serialize(boost::json::value_from(payload));
}

Result<Entry> read_entry(const Frame& frame, std::string_view name) {
  const auto kind = static_cast<EntryKind>(frame.kind);
  const auto place = fmt::format("{}: entry {}", name, frame.sequence);
  if (name_of(kind) == "unknown") return fail("{}: is of kind {}, which this agent does not know", place, frame.kind);
  auto read = TRY(json::from_strict_text<Payload>(frame.payload, place));
  return Entry{kind,
               read.time,
               std::move(read.boot),
               std::move(read.plan),
               read.step,
               std::move(read.value),
               std::move(read.text)};
}

}  // namespace suture::agent
