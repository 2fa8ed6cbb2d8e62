// The connection to a fleet's server, through suture-link, which may run as another user.
//
// The protocol, to suture-link on its standard input:
//   IDENTITY CA CERTIFICATE KEY     lengths, and as many bytes of PEM; once, first
//   METHOD PATH SECONDS LENGTH      a request that may take so long, and LENGTH bytes of body
// and back on its standard output:
//   STATUS LENGTH                   and LENGTH bytes of body
//   ERROR REASON                    there was no answer
#pragma once

#include <optional>
#include <string>

#include "agent/fleet/membership.h"
#include "repository/helper.h"

namespace suture::agent {

struct LinkOptions {
  fs::path program = "suture-link";
  std::string user{};  ///< who runs it; needs root. Ours if empty
};

struct Answer {
  long status = 0;
  std::string body{};
};

class Link {
 public:
  /// Of a host that has no certificate yet, `member` has `server` and `ca` only.
  static Result<Link> open(const Membership& member, const LinkOptions& options);

  Result<Answer> ask(const std::string& method, const std::string& path, std::string_view body,
                     const repository::Helper::Patience& patience);

  /// Begins a request that the server may leave open for `seconds`; fd() is readable once finish() would not wait.
  Status begin(const std::string& path, long seconds);
  Result<Answer> finish();
  int fd() const { return helper_.fd(); }

 private:
  explicit Link(repository::Helper helper) : helper_(std::move(helper)) {}
  Result<Answer> read(const repository::Helper::Patience& patience);
  repository::Helper helper_;
};

/// What a problem (RFC 9457) says, for people; the status if it is none.
std::string reason_of(const Answer& answer);

}  // namespace suture::agent
