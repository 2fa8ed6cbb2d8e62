// {"signed": CONTENT, "signatures": [{"keyid", "sig"}]}: a document with the one signature of a key that whoever reads
// it knows. Ed25519 over the content's canonical JSON. Include this only in .cc files.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "base/strict_json.h"
#include "trust/ed25519.h"

namespace suture::trust {

Result<std::string> sign_json(boost::json::value content, const ed25519::PrivateKey& key);

/// The content. Refuses what `key` did not sign. `name` is what errors call the document.
Result<boost::json::value> open_signed_json(std::string_view text, const ed25519::PublicKey& key, std::string_view name,
                                            const json::Limits& limits);

}  // namespace suture::trust
