#include "server_cli/connection.h"

#include <boost/asio.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl.hpp>

#include "server/authority/certificates.h"
#include "server_cli/quietly.h"

namespace suture::server_cli {
namespace {

// A false alarm about the frames of coroutines, once Asio's operator new is inlined: GCC bug 109224.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

namespace asio = boost::asio;
namespace beast = boost::beast;

}  // namespace

struct Connection::State {
  beast::ssl_stream<beast::tcp_stream> stream;

  auto& until(Time end) {
    beast::get_lowest_layer(stream).expires_at(end);
    return stream;
  }
};

Connection::Connection(asio::ip::tcp::socket socket, asio::ssl::context& tls)
    : state_(new State{.stream{std::move(socket), tls}}) {}
Connection::Connection(Connection&&) noexcept = default;
Connection::~Connection() = default;

asio::awaitable<bool> Connection::handshake(Time end) {
  const auto [error] = co_await state_->until(end).async_handshake(asio::ssl::stream_base::server, quietly);
  co_return !error;
}

asio::awaitable<bool> Connection::write(std::string_view text, Time end) {
  const auto [error, written] = co_await asio::async_write(state_->until(end), asio::buffer(text), quietly);
  co_return !error;
}

asio::awaitable<void> Connection::shut_down(Time end) { co_await state_->until(end).async_shutdown(quietly); }

asio::awaitable<std::size_t> Connection::read(asio::mutable_buffer into, Time end) {
  const auto [error, count] = co_await state_->until(end).async_read_some(into, quietly);
  co_return error ? 0 : count;
}

std::optional<server::Peer> Connection::peer() {
  const server::Certificate certificate(SSL_get1_peer_certificate(state_->stream.native_handle()));
  if (!certificate) return std::nullopt;
  std::array<char, 64> name{};
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name.data(), name.size());
  return server::Peer{name.data(), server::key_digest(certificate.get())};
}

std::string Connection::client() {
  boost::system::error_code gone;
  return beast::get_lowest_layer(state_->stream).socket().remote_endpoint(gone).address().to_string();
}

}  // namespace suture::server_cli
