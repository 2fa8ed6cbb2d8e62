#include "trust/dsse.h"

#include <gtest/gtest.h>

#include "trust/tuf/testing/repository.h"

namespace suture::trust {
namespace {

using tuf::testing::key;
using tuf::testing::public_key;

Envelope signed_envelope() {
  Envelope envelope{.payload_type = "application/vnd.in-toto+json", .payload = R"({"a":1})", .signatures = {}};
  EXPECT_TRUE(sign(envelope, key(0)));
  return envelope;
}

TEST(Dsse, SignsWhatTheProtocolSays) {
  const auto envelope = signed_envelope();
  const auto signature = from_hex(envelope.signatures.at(0).sig).value();
  EXPECT_TRUE(
      ed25519::verify(key(0).public_key(), as_bytes("DSSEv1 28 application/vnd.in-toto+json 7 {\"a\":1}"), signature));
}

TEST(Dsse, IsReadAsItWasWritten) {
  const auto envelope = signed_envelope();
  const auto again = read_envelope(write_envelope(envelope), "e.json").value();
  EXPECT_EQ(again.payload, envelope.payload);
  EXPECT_EQ(again.payload_type, envelope.payload_type);
  EXPECT_EQ(again.signatures, envelope.signatures);
}

TEST(Dsse, OnlyKeysThatAreKnownAndSignedItAreSigners) {
  auto envelope = signed_envelope();
  const tuf::Keys keys{{public_key(0).id, public_key(0)}, {public_key(1).id, public_key(1)}};
  EXPECT_EQ(signers(envelope, keys), std::vector{public_key(0).id});
  EXPECT_TRUE(signers(envelope, {}).empty());
  envelope.payload_type = "text/plain";
  EXPECT_TRUE(signers(envelope, keys).empty());
}

TEST(Dsse, WhatIsNotBase64IsRefused) {
  const auto text = write_envelope(signed_envelope());
  const auto payload = text.find("eyJhIjoxfQ==");
  ASSERT_NE(payload, std::string::npos);
  for (const auto* other : {"eyJhIjoxfQ= ", "eyJhIjoxfR==", "eyJhIjox!Q==", "eyJhIjoxfQ="}) {
    EXPECT_FALSE(read_envelope(std::string(text).replace(payload, 12, other), "e.json")) << other;
  }
}

}  // namespace
}  // namespace suture::trust
