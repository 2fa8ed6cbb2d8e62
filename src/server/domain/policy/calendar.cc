#include "server/domain/policy/calendar.h"

#include <date/tz.h>

#include <array>
#include <sstream>

namespace suture::server {
namespace {

using std::chrono::minutes;

/// The library throws; errors are values from here on.
Result<const date::time_zone*> zone_of(const std::string& name) {
  try {
    return date::locate_zone(name);
  } catch (const std::exception&) {
    return fail("'{}' is no time zone that this system knows: Europe/Berlin is one", name);
  }
}

constexpr std::array<const char*, 7> day_names{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

std::string describe_days(unsigned days) {
  std::string text;
  for (std::size_t day = 0; day < day_names.size(); ++day) {
    if ((days >> day & 1) == 0) continue;
    const auto first = day;
    while (day + 1 < day_names.size() && (days >> (day + 1) & 1) != 0) ++day;
    text += fmt::format("{}{}{}", text.empty() ? "" : ",", day_names[first],
                        day == first ? "" : fmt::format("-{}", day_names[day]));
  }
  return text;
}

}  // namespace

Status check_zone(const std::string& zone) {
  TRY(zone_of(zone));
  return {};
}

Result<Time> local_time(std::string_view text, const std::string& zone) {
  const auto* known = TRY(zone_of(zone));
  std::istringstream in{std::string(text)};
  date::local_time<minutes> local;
  in >> date::parse("%Y-%m-%dT%H:%M", local);
  if (!in || in.peek() != std::istringstream::traits_type::eof())
    return fail("'{}' is no local time: write 2026-12-18T17:00", text);
  try {
    return std::chrono::floor<std::chrono::seconds>(known->to_sys(local, date::choose::earliest));
  } catch (const std::exception&) {
    return fail("'{}' cannot be told in {}", text, zone);
  }
}

bool is_within(const Window& window, Time now) {
  const auto zone = zone_of(window.zone);
  if (!zone) return false;  // it was there when the policy was read: rather closed than open
  const auto local = (*zone)->to_local(now);
  const auto day = date::floor<date::days>(local);
  const auto clock = std::chrono::floor<minutes>(local - day);
  const auto today = date::weekday(day).iso_encoding() - 1;
  const auto is_on = [&](unsigned weekday) { return (window.days >> weekday & 1) != 0; };
  if (window.from < window.to) return is_on(today) && window.from <= clock && clock < window.to;
  return (is_on(today) && window.from <= clock) || (is_on((today + 6) % 7) && clock < window.to);
}

std::string describe(const Window& window) {
  const auto clock = [](minutes time) { return fmt::format("{:02}:{:02}", time.count() / 60, time.count() % 60); };
  return fmt::format("{} {}-{} {}", describe_days(window.days), clock(window.from), clock(window.to), window.zone);
}

}  // namespace suture::server
