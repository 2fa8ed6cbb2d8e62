// What the connections of the listener share.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "server_cli/listener.h"

namespace suture::server_cli {

constexpr auto patience = std::chrono::seconds(30);  // for a handshake, a request, an answer

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
