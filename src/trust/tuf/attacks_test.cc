// The attacks that the TUF specification promises to stop (section 1.5.2), each as an attacker with
// control of the repository, and sometimes of a key, would try it.
#include <gtest/gtest.h>

#include "trust/tuf/testing/repository.h"

namespace suture::trust::tuf {
namespace {

using namespace testing;

/// A host that has seen version 5 of everything.
struct SeenFive {
  Repository repository;
  Files stored;
  SeenFive() {
    for (int i = 0; i < 4; ++i) repository.publish_next();
    stored = refresh(repository, first_root(repository)).files();
  }
};

bool is(const std::string& refusal, std::string_view beginning) {
  if (refusal.starts_with(beginning)) return true;
  ADD_FAILURE() << "\"" << refusal << "\" does not begin with \"" << beginning << "\"";
  return false;
}

// Arbitrary software

TEST(TufAttack, AnAttackersOwnKeysSignEverything) {
  Repository repository;
  const auto first = first_root(repository);
  repository.signers["timestamp"] = repository.signers["snapshot"] = repository.signers["targets"] = {9};
  repository.publish();
  EXPECT_TRUE(is(refusal(repository, first), "bad-signatures: timestamp.json: 0 of the 1 keys"));
  repository.signers["timestamp"] = {5};
  repository.publish();
  EXPECT_TRUE(is(refusal(repository, first), "bad-signatures: snapshot.json: 0 of the 1 keys"));
  repository.signers["snapshot"] = {4};
  repository.publish();
  EXPECT_TRUE(is(refusal(repository, first), "bad-signatures: targets.json: 0 of the 1 keys"));
}

TEST(TufAttack, TheKeyOfOneRoleSignsForAnother) {
  Repository repository;
  repository.signers["targets"] = {5};  // timestamp's, which is online
  repository.publish();
  EXPECT_TRUE(is(refusal(repository, first_root(repository)), "bad-signatures: targets.json"));
}

TEST(TufAttack, ATopLevelKeySignsForADelegatedRole) {
  Repository repository;
  repository.delegate("linux-6.1", {6}, {"a"});
  repository.signers["linux-6.1"] = {3};
  repository.publish();
  auto client = refresh(repository, first_root(repository));
  client.find("a");
  serve(client, repository.served);
  EXPECT_TRUE(is(refusal(client), "bad-signatures: linux-6.1.json"));
}

TEST(TufAttack, AByteOfSignedMetadataIsChanged) {
  Repository repository;
  repository.snapshot.meta.clear();
  repository.publish();
  repository.timestamp.snapshot.hashes.clear();  // so that signatures alone must notice
  repository.publish_timestamp();
  auto& file = repository.served["1.targets.json"];
  auto text = std::string(as_text(file));
  text.replace(text.find("file.txt"), 8, "fale.txt");
  file = Bytes(text.begin(), text.end());
  repository.snapshot.meta["targets.json"] = {.version = 1};
  repository.publish_snapshot();
  EXPECT_TRUE(is(refusal(repository, first_root(repository)), "bad-signatures: targets.json"));
}

TEST(TufAttack, AMemberIsAddedToSignedMetadata) {
  Repository repository;
  auto text = std::string(as_text(repository.served["timestamp.json"]));
  text.replace(text.find("\"_type\""), 0, "\"new\": 1, ");
  repository.served["timestamp.json"] = Bytes(text.begin(), text.end());
  EXPECT_TRUE(is(refusal(repository, first_root(repository)), "bad-signatures: timestamp.json"));
}

TEST(TufAttack, MetadataOfOneRoleIsServedAsThatOfAnother) {
  Repository repository;
  repository.set_role("snapshot", {5}, 1);  // one key for both, so that only the type tells them apart
  repository.publish_root();
  repository.publish();
  repository.served["timestamp.json"] = repository.served["1.snapshot.json"];
  EXPECT_TRUE(is(refusal(repository, first_root(repository)), "malformed: timestamp.json.signed._type: is 'snapshot'"));
}

// Fewer keys than the threshold

TEST(TufAttack, FewerKeysThanTheThresholdSign) {
  Repository repository;
  repository.set_role("targets", {3, 6, 7}, 2);
  repository.publish_root();
  repository.signers["targets"] = {6};
  repository.publish();
  EXPECT_TRUE(is(refusal(repository, first_root(repository)), "bad-signatures: targets.json: 1 of the 2 keys"));
  repository.signers["targets"] = {6, 9};  // one more, whom nobody knows
  repository.publish();
  EXPECT_TRUE(is(refusal(repository, first_root(repository)), "bad-signatures: targets.json: 1 of the 2 keys"));
  repository.signers["targets"] = {6, 7};
  repository.publish();
  EXPECT_EQ(refusal(repository, first_root(repository)), "");
}

TEST(TufAttack, OneKeySignsTwice) {
  Repository repository;
  repository.set_role("timestamp", {5, 6}, 2);
  repository.publish_root();
  auto document = unsigned_document(repository.timestamp);
  ASSERT_TRUE(sign(document, key(5)));
  document.signatures.push_back(document.signatures[0]);
  const auto text = write(document);
  repository.served["timestamp.json"] = Bytes(text.begin(), text.end());
  EXPECT_TRUE(
      is(refusal(repository, first_root(repository)), "malformed: timestamp.json.signatures: has two signatures"));
}

TEST(TufAttack, OneKeyIsListedUnderTwoIds) {
  Repository repository;
  repository.set_role("timestamp", {5}, 2);
  const auto twin = read_key(R"({"keytype":"ed25519","scheme":"ed25519","twin":true,"keyval":{"public":")" +
                                 to_hex(key(5).public_key()) + "\"}}",
                             "twin")
                        .value();
  repository.root.keys[twin.id] = twin;
  repository.root.roles["timestamp"].keyids.push_back(twin.id);
  repository.publish_root();
  auto document = unsigned_document(repository.timestamp);
  ASSERT_TRUE(sign(document, key(5)));
  document.signatures.push_back({.keyid = twin.id, .sig = document.signatures[0].sig});
  const auto text = write(document);
  repository.served["timestamp.json"] = Bytes(text.begin(), text.end());
  EXPECT_TRUE(is(refusal(repository, first_root(repository)), "bad-signatures: timestamp.json: 1 of the 2 keys"));
}

TEST(TufAttack, AKeyIsListedUnderAnothersId) {
  Repository repository;
  repository.root.keys[public_key(5).id] = public_key(9);
  repository.publish_root();
  EXPECT_FALSE(Client::start(first_root(repository), now));
}

// Rollback

TEST(TufAttack, AnOlderTimestampIsServed) {
  SeenFive host;
  host.repository.timestamp.version = 4;
  host.repository.publish_timestamp();
  EXPECT_TRUE(is(refusal(host.repository, host.stored), "rollback: timestamp.json: version 4 is offered"));
}

TEST(TufAttack, AnOlderTimestampIsServedAfterTheSeenOneExpired) {
  SeenFive host;
  host.repository.root.expires = host.repository.timestamp.expires = next_year + std::chrono::years(1);
  host.repository.publish_next_root({0, 1});
  host.repository.timestamp.version = 4;
  host.repository.publish_timestamp();
  EXPECT_TRUE(is(refusal(host.repository, host.stored, next_year), "rollback: timestamp.json"));
}

TEST(TufAttack, ATimestampSpeaksOfAnOlderSnapshot) {
  SeenFive host;
  host.repository.timestamp.version = 6;
  host.repository.timestamp.snapshot = meta_file(4, host.repository.served.at("4.snapshot.json"));
  host.repository.publish_timestamp();
  EXPECT_TRUE(is(refusal(host.repository, host.stored), "rollback: snapshot.json: version 4 is offered"));
}

TEST(TufAttack, ASnapshotSpeaksOfOlderTargets) {
  SeenFive host;
  host.repository.publish_next();
  host.repository.targets.version = 4;
  host.repository.publish();
  EXPECT_TRUE(is(refusal(host.repository, host.stored), "rollback: targets.json: version 4 is offered"));
}

TEST(TufAttack, ASnapshotSpeaksOfOlderDelegatedTargets) {
  Repository repository;
  repository.delegate("linux-6.1", {6}, {"a"});
  repository.delegated["linux-6.1"].version = 3;
  repository.publish();
  const auto stored = refresh(repository, first_root(repository)).files();
  repository.delegated["linux-6.1"].version = 2;
  repository.publish_next();
  EXPECT_TRUE(is(refusal(repository, stored), "rollback: linux-6.1.json: version 2 is offered"));
}

TEST(TufAttack, ASnapshotForgetsADelegatedRole) {
  Repository repository;
  repository.delegate("linux-6.1", {6}, {"a"});
  repository.publish();
  const auto stored = refresh(repository, first_root(repository)).files();
  repository.delegated.clear();
  repository.snapshot.meta.erase("linux-6.1.json");
  repository.publish_next();
  EXPECT_TRUE(is(refusal(repository, stored), "rollback: snapshot.json: does not list linux-6.1.json any more"));
}

TEST(TufAttack, AnOlderRootIsServedAsTheNext) {
  Repository repository;
  repository.publish_next_root({0, 1});
  repository.publish_next_root({0, 1});
  const auto stored = refresh(repository, first_root(repository)).files();
  repository.served["4.root.json"] = repository.served["2.root.json"];
  EXPECT_TRUE(is(refusal(repository, stored), "rollback: 4.root.json: holds version 2"));
}

TEST(TufAttack, TheTrustedRootIsServedAgainAsTheNext) {
  Repository repository;
  repository.served["2.root.json"] = repository.served["1.root.json"];
  const auto client = refresh(repository, first_root(repository));
  EXPECT_EQ(refusal(client), "");
  EXPECT_EQ(client.trusted().root().version, 1);
}

// Freeze

TEST(TufAttack, AnExpiredFileIsServedForEver) {
  const auto expired = [](auto expire) {
    Repository repository;
    expire(repository);
    repository.publish_root();
    repository.publish();
    return refusal(repository, first_root(repository));
  };
  EXPECT_TRUE(is(expired([](Repository& r) { r.root.expires = now; }), "expired: root.json: version 1"));
  EXPECT_TRUE(is(expired([](Repository& r) { r.timestamp.expires = now; }), "expired: timestamp.json: version 1"));
  EXPECT_TRUE(is(expired([](Repository& r) { r.snapshot.expires = now; }), "expired: snapshot.json: version 1"));
  EXPECT_TRUE(is(expired([](Repository& r) { r.targets.expires = now; }), "expired: targets.json: version 1"));
}

TEST(TufAttack, TheSeenTimestampIsServedForEver) {
  SeenFive host;
  EXPECT_EQ(refusal(host.repository, host.stored), "");
  EXPECT_TRUE(is(refusal(host.repository, host.stored, next_year), "expired: root.json"));
  host.repository.root.expires = next_year + std::chrono::years(1);
  host.repository.publish_next_root({0, 1});
  EXPECT_TRUE(is(refusal(host.repository, host.stored, next_year), "expired: timestamp.json: version 5"));
}

TEST(TufAttack, AnExpiredDelegatedRoleIsServedForEver) {
  Repository repository;
  repository.delegate("linux-6.1", {6}, {"a"});
  repository.delegated["linux-6.1"].expires = now;
  repository.publish();
  auto client = refresh(repository, first_root(repository));
  client.find("a");
  serve(client, repository.served);
  EXPECT_TRUE(is(refusal(client), "expired: linux-6.1.json"));
}

TEST(TufAttack, TheClockIsSetBackSoThatExpiredMetadataLooksFresh) {
  Repository repository;
  repository.timestamp.expires = now + std::chrono::hours(1);
  repository.publish();
  const auto seen = now + std::chrono::hours(2);
  EXPECT_EQ(refusal(repository, first_root(repository), now), "");
  EXPECT_TRUE(is(refusal(repository, first_root(repository), trusted_time(now, seen)), "expired: timestamp.json"));
}

// Fast-forward

TEST(TufAttack, FastForwardedVersionsAreRecoveredFromByRotatingTheKey) {
  for (const std::string role : {"timestamp", "snapshot"}) {
    SeenFive host;
    const auto sane = host.repository;
    // With a stolen key, versions were pushed so far that honest ones look like a rollback.
    host.repository.timestamp.version = 1'000'000;
    if (role == "snapshot") host.repository.snapshot.version = host.repository.targets.version = 1'000'000;
    host.repository.publish();
    host.stored = refresh(host.repository, host.stored).files();
    host.repository = sane;
    host.repository.publish_next();
    EXPECT_TRUE(is(refusal(host.repository, host.stored), "rollback: "));

    host.repository.set_role(role, {8}, 1);
    host.repository.publish_next_root({0, 1});
    host.repository.publish();
    EXPECT_EQ(refusal(host.repository, host.stored), "") << role;
  }
}

TEST(TufAttack, RotatingOneOfTwoKeysIsEnoughToRecoverFromFastForward) {
  Repository repository;
  repository.set_role("timestamp", {5, 6}, 1);
  repository.publish_root();
  repository.timestamp.version = 1000;
  repository.signers["timestamp"] = {6};
  repository.publish();
  const auto stored = refresh(repository, first_root(repository)).files();
  repository.set_role("timestamp", {6}, 1);  // the file with version 1000 has a signature that is good still
  repository.publish_next_root({0, 1});
  repository.timestamp.version = 2;
  repository.publish();
  EXPECT_EQ(refusal(repository, stored), "");
}

TEST(TufAttack, ARotationIsForgottenWhenTheUpdateIsInterruptedAfterIt) {
  SeenFive host;
  host.repository.set_role("timestamp", {8}, 1);
  host.repository.publish_next_root({0, 1});
  host.repository.served.erase("timestamp.json");
  const auto stored = refresh(host.repository, host.stored).files();
  EXPECT_FALSE(stored.contains("timestamp.json"));
  EXPECT_FALSE(stored.contains("snapshot.json"));
}

// Mix and match, wrong software

TEST(TufAttack, FilesOfDifferentMomentsAreServedTogether) {
  Repository repository;
  auto other = repository;
  other.targets.targets["other.txt"] = target_file("other");
  other.publish();
  repository.served["1.targets.json"] = other.served["1.targets.json"];
  EXPECT_TRUE(is(refusal(repository, first_root(repository)), "too-long: 1.targets.json"));
  repository.served["1.snapshot.json"] = other.served["1.snapshot.json"];
  EXPECT_TRUE(is(refusal(repository, first_root(repository)), "mismatch: snapshot.json: has the sha256"));
}

TEST(TufAttack, AFileOfAnotherVersionIsServed) {
  Repository repository;
  repository.snapshot.meta["targets.json"] = {.version = 2};  // without length and hashes
  repository.publish_snapshot();
  repository.served["2.targets.json"] = repository.served["1.targets.json"];
  EXPECT_TRUE(is(refusal(repository, first_root(repository)),
                 "mismatch: targets.json: is version 1, snapshot.json speaks of 2"));
  repository.timestamp.snapshot = {.version = 2};
  repository.publish_timestamp();
  repository.served["2.snapshot.json"] = repository.served["1.snapshot.json"];
  EXPECT_TRUE(is(refusal(repository, first_root(repository)),
                 "mismatch: snapshot.json: is version 1, timestamp.json speaks of 2"));
}

TEST(TufAttack, AnotherTargetIsServedUnderTheNameAskedFor) {
  const Repository repository;
  auto client = refresh(repository, first_root(repository));
  client.find("file.txt");
  const auto& target = *client.found();
  EXPECT_EQ(check_target(target, as_bytes("c0ntent")).error().reason, Reason::mismatch);
  EXPECT_EQ(check_target(target, as_bytes("conten")).error().reason, Reason::mismatch);
  EXPECT_EQ(check_target(target, as_bytes("content and more")).error().reason, Reason::too_long);
}

TEST(TufAttack, OnlyOneOfTwoHashesIsRight) {
  Repository repository;
  repository.targets.targets["file.txt"].hashes["sha512"] = std::string(128, '0');
  repository.publish();
  auto client = refresh(repository, first_root(repository));
  client.find("file.txt");
  EXPECT_EQ(check_target(*client.found(), as_bytes("content")).error().reason, Reason::mismatch);
}

TEST(TufAttack, ADelegatedRoleThatTheSnapshotDoesNotListIsServed) {
  Repository repository;
  repository.delegate("linux-6.1", {6}, {"a"});
  repository.publish();
  repository.snapshot.meta.erase("linux-6.1.json");
  repository.publish_snapshot();
  auto client = refresh(repository, first_root(repository));
  client.find("a");
  EXPECT_TRUE(is(refusal(client), "missing: snapshot.json: does not list linux-6.1.json"));
}

// Endless data

TEST(TufAttack, FilesWithoutAnEndAreServed) {
  const Bytes endless(6'000'000, ' ');
  for (const auto* name : {"2.root.json", "timestamp.json", "1.snapshot.json", "1.targets.json"}) {
    Repository repository;
    repository.served[name] = endless;
    EXPECT_TRUE(is(refusal(repository, first_root(repository)), std::string("too-long: ") + name));
  }
}

TEST(TufAttack, AnnouncedLengthsAreBounded) {
  Repository repository;
  repository.timestamp.snapshot.length = std::int64_t{1} << 40;
  repository.publish_timestamp();
  auto client = Client::start(first_root(repository), now).value();
  client.not_found();
  client.give(repository.served.at("timestamp.json"));
  ASSERT_TRUE(client.wanted());
  EXPECT_EQ(client.wanted()->max_length, ClientLimits{}.snapshot);
}

TEST(TufAttack, RootsWithoutAnEndAreServed) {
  Repository repository;
  for (int i = 0; i < 8; ++i) repository.publish_next_root({0, 1});
  auto client = Client::start(first_root(repository), now, {.root_rotations = 5}).value();
  serve(client, repository.served);
  EXPECT_EQ(client.trusted().root().version, 6);
}

// Root rotation

TEST(TufAttack, KeysAreRotatedOverSeveralRoots) {
  Repository repository;
  const auto first = first_root(repository);
  repository.set_role("root", {1, 2, 6}, 2);
  repository.publish_next_root({0, 1, 2, 6});
  repository.set_role("root", {6, 7, 8}, 2);
  repository.publish_next_root({2, 6, 7});
  repository.set_role("targets", {9}, 1);
  repository.publish_next_root({7, 8});
  repository.publish_next();
  const auto client = refresh(repository, first);
  EXPECT_EQ(refusal(client), "");
  EXPECT_EQ(client.trusted().root().version, 4);
}

TEST(TufAttack, ARootIsSkipped) {
  Repository repository;
  repository.publish_next_root({0, 1});
  repository.publish_next_root({0, 1});
  repository.served["2.root.json"] = repository.served["3.root.json"];
  EXPECT_TRUE(is(refusal(repository, first_root(repository)), "mismatch: 2.root.json: holds version 3"));
}

TEST(TufAttack, TheOldRootsThresholdIsNotMet) {
  Repository repository;
  repository.set_role("root", {6, 7}, 1);
  repository.publish_next_root({0, 6, 7});
  EXPECT_TRUE(is(refusal(repository, first_root(repository)),
                 "bad-signatures: 2.root.json: 1 of the 2 keys that must sign it did (keys of version 1)"));
}

TEST(TufAttack, TheNewRootsThresholdIsNotMet) {
  Repository repository;
  repository.set_role("root", {6, 7}, 2);
  repository.publish_next_root({0, 1, 6});
  EXPECT_TRUE(is(refusal(repository, first_root(repository)),
                 "bad-signatures: 2.root.json: 1 of the 2 keys that must sign it did (its own keys)"));
}

TEST(TufAttack, ARevokedKeySignsOn) {
  Repository repository;
  repository.set_role("targets", {9}, 1);
  repository.publish_next_root({0, 1});
  repository.signers["targets"] = {3};
  repository.publish_next();
  EXPECT_TRUE(is(refusal(repository, first_root(repository)), "bad-signatures: targets.json: 0 of the 1 keys"));
}

TEST(TufAttack, AFirstRootThatItsOwnKeysDidNotSignIsNoRoot) {
  Repository repository;
  repository.signers["root"] = {0};
  repository.publish_root();
  EXPECT_FALSE(Client::start(first_root(repository), now));
}

}  // namespace
}  // namespace suture::trust::tuf
