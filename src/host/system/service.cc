#include "host/system/service.h"

#include <algorithm>

#include "base/numbers.h"
#include "base/process.h"
#include "base/words.h"

namespace suture::host {

Status check_unit_name(std::string_view unit) {
  constexpr std::size_t most = 255;
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(":-_.\\@").find(c) != std::string_view::npos;
  };
  const auto dot = unit.rfind('.');
  if (unit.size() > most || dot == std::string_view::npos || dot == 0 || dot + 1 == unit.size() || unit[0] == '-' ||
      !std::all_of(unit.begin(), unit.end(), is_plain))
    return fail("\"{}\" is no name of a unit with its suffix, as nginx.service", unit.substr(0, 80));
  return {};
}

Result<ServiceState> parse_service_state(std::string_view text) {
  ServiceState state;
  for (const auto line : lines_of(text)) {
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    const auto name = line.substr(0, equals);
    const auto value = line.substr(equals + 1);
    if (name == "LoadState") state.load = value;
    if (name == "ActiveState") state.active = value;
    if (name == "SubState") state.sub = value;
    if (name == "Result") state.result = value;
    if (name == "MainPID") state.main_pid = to_number<std::uint64_t>(value).value_or(0);
    if (name == "NRestarts") state.restarts = to_number<std::uint64_t>(value).value_or(0);
  }
  if (state.load.empty() || state.active.empty()) return fail("systemctl show: says no LoadState and ActiveState");
  return state;
}

Result<ServiceState> service_state(std::string_view unit, Milliseconds patience) {
  TRY(check_unit_name(unit));
  Command command;
  command.argv = {"systemctl",  "show",
                  "--no-pager", "--property=LoadState,ActiveState,SubState,Result,MainPID,NRestarts",
                  "--",         std::string(unit)};
  command.timeout = patience;
  const auto finished = TRY(run_checked(command), "asking systemd for {}", unit);
  return parse_service_state(finished.output);
}

Status begin_service(std::string_view unit, Milliseconds patience) {
  TRY(check_unit_name(unit));
  Command command;
  command.argv = {"systemctl", "start", "--no-block", "--no-ask-password", "--", std::string(unit)};
  command.timeout = patience;
  TRY(run_checked(command), "starting {}", unit);
  return {};
}

Status restart_service(std::string_view unit, Milliseconds patience) {
  TRY(check_unit_name(unit));
  Command command;
  command.argv = {"systemctl", "restart", "--no-ask-password", "--", std::string(unit)};
  command.timeout = patience;
  TRY(run_checked(command), "restarting {}", unit);
  return {};
}

Status reboot_host(Milliseconds patience) {
  Command command;
  command.argv = {"systemctl", "reboot", "--no-ask-password"};
  command.timeout = patience;
  TRY(run_checked(command), "rebooting");
  return {};
}

}  // namespace suture::host
