// DSSE 1.0 envelopes: a statement, and who signed it. Source: the Dead Simple Signing Envelope's
// protocol.md and envelope.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "trust/tuf/metadata.h"

namespace suture::trust {

struct Envelope {
  std::string payload_type;
  std::string payload;
  std::vector<tuf::Signature> signatures;  ///< `sig` in hexadecimal, though the file has it in base64
};

/// `name` is what errors call the file. No signature is looked at.
Result<Envelope> read_envelope(std::string_view text, std::string_view name);
std::string write_envelope(const Envelope& envelope);

Status sign(Envelope& envelope, const ed25519::PrivateKey& key);
/// The ids of those keys of which the envelope has a good signature.
std::vector<std::string> signers(const Envelope& envelope, const tuf::Keys& keys);

}  // namespace suture::trust
