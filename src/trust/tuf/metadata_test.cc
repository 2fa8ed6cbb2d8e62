#include "trust/tuf/metadata.h"

#include <gtest/gtest.h>

#include "trust/tuf/testing/repository.h"

namespace suture::trust::tuf {
namespace {

using namespace testing;

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

template <typename Content>
std::string failure(std::string_view text) {
  const auto document = read<Content>(as_bytes(text), "file");
  return document ? "did not fail" : document.error().describe();
}

/// As a later version of the specification might write it.
constexpr auto with_unknown_members = R"({
  "later": [1],
  "signatures": [{"keyid": "ab", "sig": "cd", "note": "x"}],
  "signed": {
    "_type": "targets", "spec_version": "1.1.0", "version": 7, "expires": "2027-01-01T00:00:00Z", "new": {"b": 1, "a": null},
    "delegations": {
      "hint": true,
      "keys": {},
      "roles": [{"name": "r", "keyids": ["k"], "threshold": 2, "paths": ["*"], "terminating": true, "why": "so"}]
    },
    "targets": {
      "t": {"length": 3, "hashes": {"sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "other": "x"},
            "custom": {"level": 2}}
    }
  }
})";

TEST(TufMetadata, UnknownMembersAreSignedAndKept) {
  const auto document = read<Targets>(as_bytes(with_unknown_members), "targets.json").value();
  EXPECT_NE(document.payload.find(R"("new":{"a":null,"b":1})"), std::string::npos);
  EXPECT_NE(document.payload.find(R"("custom":{"level":2})"), std::string::npos);
  EXPECT_EQ(document.content.targets.at("t").more.at("custom"), R"({"level":2})");
  const auto text = write(document);
  const auto again = read<Targets>(as_bytes(text), "targets.json").value();
  EXPECT_EQ(again.payload, document.payload);
  EXPECT_EQ(again.content, document.content);
  EXPECT_EQ(again.signatures, document.signatures);
  EXPECT_EQ(again.more, document.more);
  EXPECT_EQ(unsigned_document(document.content).payload, document.payload);
}

TEST(TufMetadata, EveryRoleIsReadAsItWasWritten) {
  Repository repository;
  repository.delegate("linux-6.1", {6}, {"6.1/*"});
  const auto same = [](const auto& content) {
    const auto file = signed_file(content, {0});
    const auto document = read<std::decay_t<decltype(content)>>(file, "file").value();
    EXPECT_EQ(document.content, content);
    EXPECT_EQ(document.payload, unsigned_document(content).payload);
  };
  same(repository.root);
  same(repository.targets);
  same(repository.snapshot);
  same(repository.timestamp);
}

TEST(TufMetadata, OneTypeIsNotReadAsAnother) {
  const Repository repository;
  const auto text = as_text(repository.served.at("timestamp.json"));
  EXPECT_EQ(failure<Snapshot>(text), "file.signed._type: is 'timestamp', 'snapshot' was expected");
}

TEST(TufMetadata, WhatTheSpecificationDemandsMustBeThere) {
  const Repository repository;
  const std::string text(as_text(repository.served.at("timestamp.json")));
  const auto damaged = [&](std::string_view what, std::string_view with) {
    return failure<Timestamp>(replaced(text, what, with));
  };
  EXPECT_EQ(failure<Timestamp>("[]"), "file: is no object but []");
  EXPECT_EQ(failure<Timestamp>("{}"), "file.signed: is missing");
  EXPECT_EQ(damaged("\"version\": 1,\n    \"expires", "\"version\": 0,\n    \"expires"),
            "file.signed.version: is no integer from 1 to 9007199254740991 but 0");
  EXPECT_EQ(damaged("2027-06-01T12:00:00Z", "tomorrow"),
            "file.signed.expires: 'tomorrow' is no time like 2026-02-28T23:59:59Z");
  EXPECT_EQ(damaged("\"spec_version\": \"1", "\"spec_version\": \"2"),
            "file.signed.spec_version: is '2.0.31'; 1.* is what can be read");
  EXPECT_EQ(damaged("snapshot.json", "targets.json"), "file.signed.meta.snapshot.json: is missing");
  EXPECT_EQ(damaged("\"length\": ", "\"length\": -"),
            "file.signed.meta.snapshot.json.length: is no integer from 0 to 9007199254740991 but -" +
                std::to_string(*repository.timestamp.snapshot.length));
  EXPECT_EQ(damaged("\"sha256\"", "\"md5\""), "file.signed.meta.snapshot.json.hashes: has neither sha256 nor sha512");
  EXPECT_EQ(damaged("\"sig\"", "\"gis\""), "file.signatures[0].sig: is missing");
}

TEST(TufMetadata, ATimestampSpeaksOfTheSnapshotAlone) {
  const Repository repository;
  const auto text = replaced(std::string(as_text(repository.served.at("timestamp.json"))), "\"snapshot.json\"",
                             "\"targets.json\": {\"version\": 1}, \"snapshot.json\"");
  EXPECT_EQ(failure<Timestamp>(text), "file.signed.meta: has the unknown member 'targets.json'");
}

TEST(TufMetadata, ARootNamesEveryRole) {
  Repository repository;
  repository.root.roles.erase("snapshot");
  EXPECT_EQ(failure<Root>(as_text(signed_file(repository.root, {}))), "file.signed.roles.snapshot: is missing");
}

TEST(TufMetadata, DelegationsAreWellFormed) {
  Repository repository;
  repository.delegate("r", {6}, {"*"});
  auto& role = repository.targets.delegations->roles[0];
  const auto failing = [&] { return failure<Targets>(as_text(signed_file(repository.targets, {}))); };
  role.path_hash_prefixes = {"ab"};
  EXPECT_EQ(failing(), "file.signed.delegations.roles[0]: has not exactly one of paths and path_hash_prefixes");
  role.path_hash_prefixes.reset();
  role.name = "snapshot";
  EXPECT_EQ(failing(), "file.signed.delegations.roles[0].name: 'snapshot' cannot be delegated to");
  role.name = "r";
  role.role.keyids.push_back(role.role.keyids[0]);
  EXPECT_EQ(failing(), "file.signed.delegations.roles[0].keyids: names a key twice");
  role.role.keyids.pop_back();
  repository.targets.delegations->roles.push_back(role);
  EXPECT_EQ(failing(), "file.signed.delegations.roles: has 'r' twice");
}

TEST(TufMetadata, AKeyOfAnUnknownKindIsKeptAndSignsNothing) {
  const auto key = read_key(R"({"keytype":"later","scheme":"later","keyval":{"public":"x"}})", "key").value();
  EXPECT_FALSE(key.ed25519);
  Document document{.payload = "x", .signatures = {{.keyid = key.id, .sig = "00"}}};
  EXPECT_EQ(count_signatures(document, {.keyids = {key.id}}, {{key.id, key}}), 0U);
}

TEST(TufMetadata, SigningAgainReplacesTheSignature) {
  auto document = unsigned_document(Repository().timestamp);
  ASSERT_TRUE(sign(document, key(5)));
  ASSERT_TRUE(sign(document, key(5)));
  EXPECT_EQ(document.signatures.size(), 1U);
}

}  // namespace
}  // namespace suture::trust::tuf
