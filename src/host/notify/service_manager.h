// Telling systemd how a service is (sd_notify(3)): a datagram to the socket that $NOTIFY_SOCKET names. The
// protocol is stable and small; no library is needed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "host/clock.h"

namespace suture::host {

class ServiceManager {
 public:
  /// From our environment: NOTIFY_SOCKET, and WATCHDOG_USEC if WATCHDOG_PID is us or missing. Without a
  /// socket nobody listens, and saying something does nothing.
  static ServiceManager from_environment();
  ServiceManager(std::string socket, std::optional<Milliseconds> watchdog)
      : socket_(std::move(socket)), watchdog_(watchdog) {}

  bool listens() const { return !socket_.empty(); }
  /// How often alive() must be called, at most: half of what systemd waits. Nothing: no watchdog.
  std::optional<Milliseconds> watchdog() const;

  Status ready(std::string_view status) const;
  Status status(std::string_view status) const;  ///< one line, shown by systemctl status
  Status alive() const;
  Status reloading(Instant now) const;  ///< say ready() when it is done
  Status stopping() const;
  /// Asks for `time` more to start, stop or reload.
  Status extend(Milliseconds time) const;

 private:
  Status send(const std::string& text) const;

  std::string socket_;
  std::optional<Milliseconds> watchdog_;
};

}  // namespace suture::host
