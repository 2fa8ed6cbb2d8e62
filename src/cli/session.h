// The server that this person logged in to, and what it answers.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"
#include "trust/secret.h"
#include "web/client.h"

namespace suture::cli {

/// What a name and a password are good for: a token, and until when. The server's own words if they are not.
struct Login {
  std::string token, expires;
};
Result<Login> ask_for_token(const std::string& server, const std::string& ca_file, const std::string& name,
                            const trust::Secret& password);

/// Keeps server, authority and token in the user's configuration, for nobody else to read.
Status log_in(const std::string& server, const std::string& ca_file, const std::string& token);

/// A session with a server. Every answer that is no success is an error with the server's own words. A request whose
/// connection broke is repeated some times; one that changes something has a key, by which the server knows it again.
class Session {
 public:
  /// Fails if nobody has logged in.
  static Result<Session> open();

  Result<std::string> get(const std::string& path, std::chrono::seconds timeout = std::chrono::seconds(30));
  /// A list, all pages of it.
  Result<std::string> list(const std::string& path);
  Result<std::string> put(const std::string& path, std::string_view body);
  Result<std::string> post(const std::string& path, std::string_view body);

 private:
  explicit Session(web::Client client) : client_(std::move(client)) {}
  Result<web::Response> ask(const std::string& method, const std::string& path, std::string_view body,
                            std::chrono::seconds timeout);
  web::Client client_;
};

/// Text of a server or a host, as a terminal may show it: no control characters.
std::string plain(std::string_view text);

}  // namespace suture::cli
