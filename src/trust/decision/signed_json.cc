#include "trust/decision/signed_json.h"

#include "base/json.h"
#include "trust/tuf/canonical_json.h"
#include "trust/tuf/metadata.h"

namespace suture::trust {
namespace {

Result<std::vector<tuf::Signature>> read_signatures(json::Fields& fields) {
  std::vector<tuf::Signature> signatures;
  for (const auto& each : *TRY(fields.array("signatures"))) {
    auto members = TRY(json::Fields::of(each, fields.place("signatures")));
    tuf::Signature signature;
    signature.keyid = TRY(members.string("keyid"));
    signature.sig = TRY(members.string("sig"));
    TRY(members.no_rest());
    signatures.push_back(std::move(signature));
  }
  return signatures;
}

}  // namespace

Result<std::string> sign_json(boost::json::value content, const ed25519::PrivateKey& key) {
  tuf::Document document{.payload = tuf::canonical_json(content)};
  TRY(tuf::sign(document, key));
  const auto& signature = document.signatures.front();
  boost::json::array signatures;
  signatures.push_back({{"keyid", signature.keyid}, {"sig", signature.sig}});
  return json::pretty(boost::json::object{{"signed", std::move(content)}, {"signatures", std::move(signatures)}});
}

Result<boost::json::value> open_signed_json(std::string_view text, const ed25519::PublicKey& key, std::string_view name,
                                            const json::Limits& limits) {
  const auto value = TRY(json::parse_strict(text, name, limits));
  auto fields = TRY(json::Fields::of(value, std::string(name)));
  const auto* content = TRY(fields.get("signed"));
  auto signatures = TRY(read_signatures(fields));
  TRY(fields.no_rest());
  const tuf::Document document{.payload = tuf::canonical_json(*content), .signatures = std::move(signatures)};
  const auto known = tuf::key_of(key);
  if (tuf::count_signatures(document, {.keyids = {known.id}}, {{known.id, known}}) != 1)
    return fail("{}: is not signed by the key that was expected, {}", name, known.id);
  return *content;
}

}  // namespace suture::trust
