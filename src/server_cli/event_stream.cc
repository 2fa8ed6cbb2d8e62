#include "server_cli/event_stream.h"

#include <fmt/format.h>

namespace suture::server_cli {
namespace {

namespace asio = boost::asio;

constexpr auto between_heartbeats = std::chrono::seconds(10);
constexpr std::string_view heartbeat = ":\n\n";  // a comment: proxies cut what is silent, and a dead reader is noticed

std::string head(const std::string& type) {
  return fmt::format(
      "HTTP/1.1 200 OK\r\nContent-Type: {}\r\nCache-Control: no-store\r\nConnection: close\r\n"
      "Transfer-Encoding: chunked\r\n\r\n",
      type);
}

// RFC 9112, section 7.1. An empty one is the last.
std::string chunk(std::string_view text) { return fmt::format("{:x}\r\n{}\r\n", text.size(), text); }

}  // namespace

asio::awaitable<void> write_events(Connection& connection, server::Request request, server::Answer given,
                                   Service& service) {
  bool is_there = co_await connection.write(head(given.type) + chunk(heartbeat), patience());
  auto next_heartbeat = std::chrono::steady_clock::now() + between_heartbeats;
  while (is_there && given.goes_on) {  // an answer that does not go on is a refusal: the token's time is over, say
    if (given.body.empty()) {
      co_await wait_for_news(service, next_heartbeat);
      if (std::chrono::steady_clock::now() >= next_heartbeat) given.body = heartbeat;
    }
    if (!given.body.empty()) {
      is_there = co_await connection.write(chunk(given.body), patience());
      next_heartbeat = std::chrono::steady_clock::now() + between_heartbeats;
    }
    request.last_event_id = *given.goes_on;
    given = service.handler(request);
  }
  if (is_there) co_await connection.write(chunk({}), patience());
}

}  // namespace suture::server_cli
