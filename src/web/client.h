// HTTPS to a server, on libcurl.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

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
};

class Client {
 public:
  /// `url` is where paths begin: "https://suture.example.org:8443".
  Client(std::string url, Identity identity);
  Client(Client&&) noexcept;
  ~Client();

  /// Fails if there was no answer, or one of more than 16 MiB. The connection is used again.
  Result<Response> ask(const std::string& method, const std::string& path, std::string_view body,
                       std::chrono::seconds timeout = std::chrono::seconds(30));

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace suture::web
