#include "trust/dsse.h"

#include "base/json.h"
#include "base/strict_json.h"

namespace suture::trust {
namespace {

std::string to_base64(ByteView bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const auto length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

/// Only what to_base64() gives: there is one way to write anything.
Result<Bytes> from_base64(std::string_view text, std::string_view place) {
  Bytes bytes(text.size() / 4 * 3 + 3);
  const auto length = text.size() % 4 == 0
                          ? EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()),
                                            static_cast<int>(text.size()))
                          : -1;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  if (length >= 0) bytes.resize(static_cast<std::size_t>(length) - padding);
  if (length < 0 || to_base64(bytes) != text) return fail("{}: is not base64", place);
  return bytes;
}

/// What is signed: "pre-authentication encoding".
std::string encoded(const Envelope& envelope) {
  return fmt::format("DSSEv1 {} {} {} {}", envelope.payload_type.size(), envelope.payload_type, envelope.payload.size(),
                     envelope.payload);
}

}  // namespace

Result<Envelope> read_envelope(std::string_view text, std::string_view name) {
  const auto json = TRY(json::parse_strict(text, name));
  auto fields = TRY(json::Fields::of(json, std::string(name)));
  Envelope envelope;
  envelope.payload_type = TRY(fields.string("payloadType"));
  const auto payload = TRY(fields.string("payload"));
  const auto bytes = TRY(from_base64(payload, fields.place("payload")));
  envelope.payload = as_text(bytes);
  for (const auto& each : *TRY(fields.array("signatures"))) {
    auto signature = TRY(json::Fields::of(each, fields.place("signatures")));
    const auto sig = TRY(signature.string("sig"));
    const auto raw = TRY(from_base64(sig, signature.place("sig")));
    auto keyid = TRY(signature.string("keyid"));
    envelope.signatures.push_back({.keyid = std::move(keyid), .sig = to_hex(raw)});
  }
  return envelope;
}

std::string write_envelope(const Envelope& envelope) {
  boost::json::array signatures;
  for (const auto& each : envelope.signatures) {
    const auto raw = from_hex(each.sig).value_or(Bytes{});
    signatures.push_back({{"keyid", each.keyid}, {"sig", to_base64(raw)}});
  }
  return json::pretty({{"payloadType", envelope.payload_type},
                       {"payload", to_base64(as_bytes(envelope.payload))},
                       {"signatures", std::move(signatures)}});
}

Status sign(Envelope& envelope, const ed25519::PrivateKey& key) {
  tuf::Document document{.payload = encoded(envelope), .signatures = std::move(envelope.signatures)};
  auto done = tuf::sign(document, key);
  envelope.signatures = std::move(document.signatures);
  return done;
}

std::vector<std::string> signers(const Envelope& envelope, const tuf::Keys& keys) {
  std::vector<std::string> found;
  for (const auto& each : envelope.signatures) {
    const tuf::Document document{.payload = encoded(envelope), .signatures = {each}};
    if (tuf::count_signatures(document, {.keyids = {each.keyid}}, keys) == 1) found.push_back(each.keyid);
  }
  return found;
}

}  // namespace suture::trust
