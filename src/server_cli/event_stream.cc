#include "server_cli/event_stream.h"

#include <boost/beast/http.hpp>

namespace suture::server_cli {
namespace {

// A false alarm about the frames of coroutines, once Asio's operator new is inlined: GCC bug 109224.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr auto between_heartbeats = std::chrono::seconds(10);
constexpr std::string_view heartbeat = ":\n\n";  // a comment: proxies cut what is silent, and a dead reader is noticed

asio::awaitable<bool> write_head(Stream& stream, const std::string& type) {
  http::response<http::empty_body> head(http::status::ok, 11);
  head.set(http::field::content_type, type);
  head.set(http::field::cache_control, "no-store");
  head.keep_alive(false);
  head.chunked(true);
  http::response_serializer<http::empty_body> serializer(head);
  beast::get_lowest_layer(stream).expires_after(patience);
  const auto [failed, written] = co_await http::async_write_header(stream, serializer, quietly);
  co_return !failed;
}

asio::awaitable<bool> write_chunk(Stream& stream, std::string_view text) {
  beast::get_lowest_layer(stream).expires_after(patience);
  const auto [failed, written] = co_await asio::async_write(stream, http::make_chunk(asio::buffer(text)), quietly);
  beast::get_lowest_layer(stream).expires_never();
  co_return !failed;
}

}  // namespace

asio::awaitable<void> write_events(Stream& stream, server::Request request, server::Answer given, Service& service) {
  bool is_there = co_await write_head(stream, given.type) && co_await write_chunk(stream, heartbeat);
  auto next_heartbeat = std::chrono::steady_clock::now() + between_heartbeats;
  while (is_there && given.goes_on) {  // an answer that does not go on is a refusal: the token's time is over, say
    if (given.body.empty()) {
      co_await wait_for_news(service, next_heartbeat);
      if (std::chrono::steady_clock::now() >= next_heartbeat) given.body = heartbeat;
    }
    if (!given.body.empty()) {
      is_there = co_await write_chunk(stream, given.body);
      next_heartbeat = std::chrono::steady_clock::now() + between_heartbeats;
    }
    request.last_event_id = *given.goes_on;
    given = service.handler(request);
  }
  if (is_there) co_await asio::async_write(stream, http::make_chunk_last(), quietly);
}

}  // namespace suture::server_cli
