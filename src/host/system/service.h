// Services of systemd, through systemctl(1): a program that runs for a moment costs the resident agent
// nothing, and a library would stay (libsystemd maps 0.8 MB and links liblzma, libzstd, libcap and libgcrypt).
#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "host/clock.h"

namespace suture::host {

struct ServiceState {
  std::string load;    ///< "loaded", "not-found", "masked", …
  std::string active;  ///< "active", "inactive", "failed", "activating", …
  std::string sub;     ///< "running", "dead", "exited", …
  std::string result;  ///< "success", "exit-code", "oom-kill", …
  std::uint64_t main_pid = 0;
  std::uint64_t restarts = 0;  ///< that systemd made by itself
  bool operator==(const ServiceState&) const = default;
};
BOOST_DESCRIBE_STRUCT(ServiceState, (), (load, active, sub, result, main_pid, restarts))

/// A unit's name with its suffix: "nginx.service", "getty@tty1.service" (systemd.unit(5)).
Status check_unit_name(std::string_view unit);

/// Fails if systemd cannot be asked. A unit that does not exist has load "not-found".
Result<ServiceState> service_state(std::string_view unit, Milliseconds patience = std::chrono::seconds(10));
/// What `systemctl show` printed.
Result<ServiceState> parse_service_state(std::string_view text);

/// Asks systemd to reboot the host, and returns while that is under way.
Status reboot_host(Milliseconds patience = std::chrono::seconds(30));

/// Asks systemd to start the unit, and does not wait for it.
Status begin_service(std::string_view unit, Milliseconds patience = std::chrono::seconds(30));

/// Waits until the unit runs again, or `patience` is over. Fails if it did not come up.
Status restart_service(std::string_view unit, Milliseconds patience);

}  // namespace suture::host
