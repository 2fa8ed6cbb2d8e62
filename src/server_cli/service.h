// What the connections of the listener share.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "server_cli/listener.h"

namespace suture::server_cli {

/// When patience with a handshake, a request or an answer that begins now is over.
inline auto patience() { return std::chrono::steady_clock::now() + std::chrono::seconds(30); }

/// Whoever waits for news is woken by ring().
class Bell {
 public:
  explicit Bell(boost::asio::io_context& io) : timer_(io, boost::asio::steady_timer::time_point::max()) {}
  void ring() { timer_.cancel(); }
  boost::asio::steady_timer& timer() { return timer_; }

 private:
  boost::asio::steady_timer timer_;
};

struct Service {
  const ListenOptions& options;
  const Handler& handler;
  Bell& bell;
  boost::asio::io_context& io;
};

/// Until the bell rings, or the time is over.
boost::asio::awaitable<void> wait_for_news(Service& service, std::chrono::steady_clock::time_point deadline);

}  // namespace suture::server_cli
