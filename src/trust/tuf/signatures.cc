#include <algorithm>
#include <set>

#include "trust/tuf/metadata.h"

namespace suture::trust::tuf {

Status sign(Document& document, const ed25519::PrivateKey& key) {
  const auto signature = TRY(key.sign(as_bytes(document.payload)));
  auto id = key_of(key.public_key()).id;
  std::erase_if(document.signatures, [&](const Signature& each) { return each.keyid == id; });
  document.signatures.push_back({.keyid = std::move(id), .sig = to_hex(signature)});
  return {};
}

std::size_t count_signatures(const Document& document, const Role& role, const Keys& keys) {
  std::set<ed25519::PublicKey> signers;
  for (const auto& signature : document.signatures) {
    const auto listed = std::find(role.keyids.begin(), role.keyids.end(), signature.keyid) != role.keyids.end();
    const auto key = keys.find(signature.keyid);
    if (!listed || key == keys.end() || !key->second.ed25519) continue;
    const auto bytes = from_hex(signature.sig);
    if (bytes && ed25519::verify(*key->second.ed25519, as_bytes(document.payload), *bytes)) {
      signers.insert(*key->second.ed25519);
    }
  }
  return signers.size();
}

}  // namespace suture::trust::tuf
