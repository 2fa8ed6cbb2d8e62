// A TLS connection of the listener's: what is read and written are bytes, so that only this knows of streams.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "server/http/request.h"

namespace suture::server_cli {

class Connection {
 public:
  using Time = std::chrono::steady_clock::time_point;

  Connection(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& tls);
  Connection(Connection&&) noexcept;
  ~Connection();

  /// Each of these ends at that time at the latest, and says whether it was done.
  boost::asio::awaitable<bool> handshake(Time end);
  boost::asio::awaitable<bool> write(std::string_view text, Time end);
  boost::asio::awaitable<void> shut_down(Time end);
  /// How many bytes came; 0: none will any more, or none did by then.
  boost::asio::awaitable<std::size_t> read(boost::asio::mutable_buffer into, Time end);

  /// Who showed a certificate in the handshake.
  std::optional<server::Peer> peer();
  /// The address of the other side; 0.0.0.0 if it is gone.
  std::string client();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace suture::server_cli
