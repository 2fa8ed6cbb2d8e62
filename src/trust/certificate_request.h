// PKCS #10 (RFC 2986): how a host asks for a certificate of a key that it made itself.
#pragma once

#include <string>

#include "base/result.h"
#include "trust/ed25519.h"

namespace suture::trust {

/// PEM, signed with the key, without a subject: who the host is, is the issuer's to say.
Result<std::string> certificate_request(const ed25519::PrivateKey& key);

}  // namespace suture::trust
