#include "server_cli/listener.h"

#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <sstream>

#include "server_cli/connection.h"
#include "server_cli/event_stream.h"
#include "server_cli/quietly.h"
#include "server_cli/service.h"

namespace suture::server_cli {
namespace {

// A false alarm about the frames of coroutines, once Asio's operator new is inlined: GCC bug 109224.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;  // NOLINT(google-build-using-namespace): || of awaitables
namespace beast = boost::beast;
namespace http = boost::beast::http;
using server::Answer, server::Peer, server::Request;

constexpr std::uint64_t body_limit = 1 << 20;

auto farewell() { return std::chrono::steady_clock::now() + std::chrono::seconds(5); }

std::string token_of(std::string_view authorization) {
  constexpr std::string_view bearer = "Bearer ";
  return authorization.starts_with(bearer) ? std::string(authorization.substr(bearer.size())) : std::string();
}

/// Reads on after a request that was refused half-way: closing a connection that holds unread bytes would reset it, and
/// the answer with it.
asio::awaitable<void> discard(Connection& connection) {
  const auto end = farewell();
  std::array<char, 16384> bytes{};
  for (std::uint64_t total = 0; total < 16 * body_limit;) {
    const auto read = co_await connection.read(asio::buffer(bytes), end);
    if (read == 0) break;
    total += read;
  }
}

/// Reads until a whole request is in `parser`; what comes after it stays in `buffer`.
asio::awaitable<beast::error_code> read_request(Connection& connection, beast::flat_buffer& buffer,
                                                http::request_parser<http::string_body>& parser) {
  const auto end = patience();
  parser.body_limit(body_limit);
  parser.eager(true);
  while (!parser.is_done()) {
    beast::error_code error = http::error::need_more;
    if (buffer.size() != 0) buffer.consume(parser.put(buffer.data(), error));
    if (error && error != http::error::need_more) co_return error;
    if (!error) continue;
    const auto read = co_await connection.read(buffer.prepare(16384), end);
    if (read == 0) co_return http::error::end_of_stream;
    buffer.commit(read);
  }
  co_return beast::error_code();
}

Request request_of(const http::request<http::string_body>& message, std::optional<Peer> peer, std::string client) {
  const auto field = [&](auto name) { return std::string(message[name]); };
  return {.method = std::string(message.method_string()),
          .target = std::string(message.target()),
          .body = message.body(),
          .peer = std::move(peer),
          .token = token_of(field(http::field::authorization)),
          .client = std::move(client),
          .arrived = std::chrono::steady_clock::now(),
          .idempotency_key = field("Idempotency-Key"),
          .if_match = field(http::field::if_match),
          .if_none_match = field(http::field::if_none_match),
          .accept = field(http::field::accept),
          .last_event_id = field("Last-Event-ID")};
}

http::response<http::string_body> response_of(Answer given) {
  http::response<http::string_body> response(http::int_to_status(given.status), 11);
  if (!given.type.empty()) response.set(http::field::content_type, given.type);
  // What has a tag may be kept by who asked, and is asked for again each time.
  response.set(http::field::cache_control, given.etag.empty() ? "no-store" : "private, no-cache");
  if (!given.etag.empty()) response.set(http::field::etag, given.etag);
  if (given.retry_after.count() != 0) response.set(http::field::retry_after, std::to_string(given.retry_after.count()));
  if (!given.link.empty()) response.set(http::field::link, given.link);
  response.body() = std::move(given.body);
  if (given.status != 204 && given.status != 304) response.prepare_payload();
  return response;
}

/// Asks again at each ring until there is an answer, or its time is over.
asio::awaitable<Answer> answer(const Request& request, Service& service) {
  auto given = service.handler(request);
  const auto deadline = std::chrono::steady_clock::now() + given.wait;
  while (given.wait.count() != 0 && std::chrono::steady_clock::now() < deadline) {
    co_await wait_for_news(service, deadline);
    given = service.handler(request);
  }
  const bool is_of_nobody_known = given.status == 401 || given.status == 429;  // and has changed nothing
  if (request.method != "GET" && !is_of_nobody_known) {
    service.options.tick();
    service.bell.ring();
  }
  co_return given;
}

asio::awaitable<void> serve(Connection connection, Service& service) {
  if (!co_await connection.handshake(patience())) co_return;
  const auto peer = connection.peer();
  const auto client = connection.client();
  beast::flat_buffer buffer;
  while (true) {
    http::request_parser<http::string_body> parser;
    const auto error = co_await read_request(connection, buffer, parser);
    Answer given;
    Request request;
    if (error == http::error::body_limit) {
      given = {.status = 413,
               .body = R"({"type":"about:suture:too-large","title":"a body is at most 1 MiB","status":413})",
               .type = "application/problem+json"};
    } else if (error) {
      break;
    } else {
      request = request_of(parser.get(), peer, client);
      given = co_await answer(request, service);
    }
    if (given.goes_on) {
      co_await write_events(connection, std::move(request), std::move(given), service);
      break;
    }
    auto response = response_of(std::move(given));
    response.keep_alive(!error && parser.get().keep_alive());
    const bool written = co_await connection.write((std::ostringstream() << response).str(), patience());
    if (error && written) co_await discard(connection);
    if (!written || !response.keep_alive()) break;
  }
  co_await connection.shut_down(farewell());
}

asio::awaitable<void> accept(asio::ip::tcp::acceptor& acceptor, asio::ssl::context& tls, Service& service) {
  while (acceptor.is_open()) {
    auto [error, socket] = co_await acceptor.async_accept(quietly);
    if (error) {  // too many open files, say: that does not pass by asking again at once
      asio::steady_timer later(acceptor.get_executor(), std::chrono::milliseconds(100));
      co_await later.async_wait(quietly);
      continue;
    }
    asio::co_spawn(acceptor.get_executor(), serve(Connection(std::move(socket), tls), service), asio::detached);
  }
}

asio::awaitable<void> tick(Service& service) {
  asio::steady_timer timer(service.io);
  while (true) {
    timer.expires_after(std::chrono::milliseconds(500));
    const auto [error] = co_await timer.async_wait(quietly);
    if (error) co_return;
    if (service.options.tick()) service.bell.ring();
  }
}

}  // namespace

asio::awaitable<void> wait_for_news(Service& service, std::chrono::steady_clock::time_point deadline) {
  asio::steady_timer end(service.io, deadline);
  // One of the two: the bell is everybody's, and ends the wait of all.
  co_await (service.bell.timer().async_wait(quietly) || end.async_wait(quietly));
}

Status listen(const ListenOptions& options, const Handler& handler) try {
  asio::io_context io(1);
  asio::ssl::context tls(asio::ssl::context::tls_server);
  SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_3_VERSION);
  tls.use_certificate_file((options.directory / "server.pem").string(), asio::ssl::context::pem);
  tls.use_private_key_file((options.directory / "server.key").string(), asio::ssl::context::pem);
  tls.load_verify_file((options.directory / "ca.pem").string());
  tls.set_verify_mode(asio::ssl::verify_peer);
  asio::ip::tcp::acceptor acceptor(io, {asio::ip::make_address(options.address), options.port});
  asio::signal_set signals(io, SIGTERM, SIGINT);
  signals.async_wait([&](auto, auto) { io.stop(); });
  Bell bell(io);
  Service service{options, handler, bell, io};
  asio::co_spawn(io, accept(acceptor, tls, service), asio::detached);
  asio::co_spawn(io, tick(service), asio::detached);
  if (options.listening) options.listening(acceptor.local_endpoint().port());
  io.run();
  return {};
} catch (const std::exception& error) {
  return fail("listening on {}:{}: {}", options.address, options.port, error.what());
}

}  // namespace suture::server_cli
