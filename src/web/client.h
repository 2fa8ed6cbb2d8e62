// HTTPS to a server, on libcurl.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace suture::web {

struct Identity {
  std::string ca{};                  ///< PEM: whom to trust; the system's authorities if empty
  std::string certificate{}, key{};  ///< PEM, of a client; empty without
  bool plain = false;                ///< http:// will do, and older TLS: for what is asked for no secret
  std::string token{};               ///< "Authorization: Bearer"; empty without
};

struct Response {
  long status = 0;
  std::string body{};
  std::string link{};  ///< the header field "Link"; empty without
};

class Client {
 public:
  /// `url` is where paths begin: "https://suture.example.org:8443".
  Client(std::string url, Identity identity);
  Client(Client&&) noexcept;
  ~Client();

  /// `headers` are lines, "Name: value". Fails if there was no answer, or one of more than 16 MiB. The connection is
  /// used again.
  Result<Response> ask(const std::string& method, const std::string& path, std::string_view body,
                       std::chrono::seconds timeout = std::chrono::seconds(30),
                       const std::vector<std::string>& headers = {});
  /// Whether the last failure was of the connection, and no timeout: the server may not be there, or not yet again; it
  /// may also have done what it was asked, and its answer was lost.
  bool was_cut_off() const;

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace suture::web
