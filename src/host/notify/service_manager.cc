#include "host/notify/service_manager.h"

#include <unistd.h>

#include <cstdlib>

#include "base/numbers.h"
#include "host/notify/datagram.h"

namespace suture::host {
namespace {

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// A second line would be another assignment.
std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text.substr(0, 500)) line += c == '\n' ? ' ' : c;
  return line;
}

std::int64_t microseconds(auto duration) {
  return std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
}

}  // namespace

ServiceManager ServiceManager::from_environment() {
  std::optional<Milliseconds> watchdog;
  const auto process = variable("WATCHDOG_PID");
  if (process.empty() || to_number<pid_t>(process) == ::getpid()) {
    const auto time = to_number<std::int64_t>(variable("WATCHDOG_USEC"));
    if (time && *time > 0) watchdog = std::chrono::duration_cast<Milliseconds>(std::chrono::microseconds(*time));
  }
  return {std::string(variable("NOTIFY_SOCKET")), watchdog};
}

std::optional<Milliseconds> ServiceManager::watchdog() const {
  if (!watchdog_ || !listens()) return std::nullopt;
  return *watchdog_ / 2;
}

Status ServiceManager::send(const std::string& text) const {
  if (!listens()) return {};
  return send_datagram(socket_, text);
}

Status ServiceManager::ready(std::string_view status) const { return send("READY=1\nSTATUS=" + one_line(status)); }
Status ServiceManager::status(std::string_view status) const { return send("STATUS=" + one_line(status)); }
Status ServiceManager::alive() const { return send("WATCHDOG=1"); }
Status ServiceManager::stopping() const { return send("STOPPING=1"); }
Status ServiceManager::reloading(Instant now) const {
  return send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", microseconds(now.time_since_epoch())));
}
Status ServiceManager::extend(Milliseconds time) const {
  return send(fmt::format("EXTEND_TIMEOUT_USEC={}", microseconds(time)));
}

}  // namespace suture::host
