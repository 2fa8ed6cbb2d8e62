#include "trust/tuf/client.h"

#include <gtest/gtest.h>

#include "trust/tuf/testing/repository.h"

namespace suture::trust::tuf {
namespace {

using namespace testing;
using Names = std::vector<std::string>;

Client found_in(const Repository& repository, const std::string& path) {
  auto client = refresh(repository, first_root(repository));
  EXPECT_EQ(refusal(client), "");
  client.find(path);
  serve(client, repository.served);
  return client;
}

std::string role_of_found(const Repository& repository, const std::string& path) {
  const auto client = found_in(repository, path);
  EXPECT_EQ(refusal(client), "");
  return client.found() ? client.found()->role : "";
}

TEST(TufClient, AsksForOneFileAfterTheOther) {
  const Repository repository;
  auto client = Client::start(first_root(repository), now).value();
  EXPECT_EQ(serve(client, repository.served),
            (Names{"2.root.json", "timestamp.json", "1.snapshot.json", "1.targets.json"}));
  EXPECT_TRUE(client.refreshed()) << refusal(client);
  client.find("file.txt");
  ASSERT_TRUE(client.found());
  EXPECT_EQ(client.found()->download, sha256_hex(as_bytes("content")) + ".file.txt");
  EXPECT_TRUE(check_target(*client.found(), as_bytes("content")));
}

TEST(TufClient, AsksOnlyForTheTimestampWhenNothingIsNew) {
  const Repository repository;
  const auto stored = refresh(repository, first_root(repository)).files();
  auto client = Client::start(stored, now).value();
  EXPECT_EQ(serve(client, repository.served), (Names{"2.root.json", "timestamp.json"}));
  EXPECT_TRUE(client.refreshed()) << refusal(client);
  EXPECT_EQ(client.files(), stored);
}

TEST(TufClient, ReadsRepositoriesWithoutConsistentSnapshots) {
  Repository repository;
  repository.root.consistent_snapshot.reset();
  repository.publish_root();
  Files plain{{"timestamp.json", repository.served.at("timestamp.json")},
              {"snapshot.json", repository.served.at("1.snapshot.json")},
              {"targets.json", repository.served.at("1.targets.json")}};
  auto client = Client::start(first_root(repository), now).value();
  serve(client, plain);
  client.find("file.txt");
  ASSERT_TRUE(client.found()) << refusal(client);
  EXPECT_EQ(client.found()->download, "file.txt");
}

TEST(TufClient, DoesNotStartWithoutARoot) {
  EXPECT_FALSE(Client::start({}, now));
  EXPECT_FALSE(Client::start({{"root.json", Bytes{'{', '}'}}}, now));
}

TEST(TufClient, AnExpiredFirstRootIsReplacedByAFreshOne) {
  Repository repository;
  repository.root.expires = now;
  repository.publish_root();
  EXPECT_NE(refusal(repository, first_root(repository)).find("expired: root.json"), std::string::npos);
  repository.root.expires = next_year;
  repository.publish_next_root({0, 1});
  EXPECT_EQ(refusal(repository, first_root(repository)), "");
}

TEST(TufClient, AnUpdateThatFailedKeepsTheNewerRoots) {
  Repository repository;
  repository.publish_next_root({0, 1});
  repository.served.erase("timestamp.json");
  const auto client = refresh(repository, first_root(repository));
  EXPECT_EQ(refusal(client), "missing: timestamp.json: the repository does not have it");
  EXPECT_EQ(client.files().at("root.json"), repository.served.at("2.root.json"));
}

TEST(TufClient, AnInterruptedUpdateGoesOnWithTheSameTimestamp) {
  Repository repository;
  auto broken = repository;
  broken.served.erase("1.snapshot.json");
  const auto stored = refresh(broken, first_root(broken)).files();
  EXPECT_TRUE(stored.contains("timestamp.json"));
  EXPECT_EQ(refusal(repository, stored), "");
}

TEST(TufClient, DamagedStoredMetadataIsFetchedAgain) {
  const Repository repository;
  auto stored = refresh(repository, first_root(repository)).files();
  for (const auto* name : {"timestamp.json", "snapshot.json", "targets.json"}) stored[name] = Bytes{'x'};
  auto client = Client::start(stored, now).value();
  EXPECT_EQ(serve(client, repository.served),
            (Names{"2.root.json", "timestamp.json", "1.snapshot.json", "1.targets.json"}));
  EXPECT_TRUE(client.refreshed()) << refusal(client);
}

TEST(TufClient, FindsATargetThroughItsDelegation) {
  Repository repository;
  repository.delegate("linux-6.1", {6}, {"6.1/*/*"});
  repository.delegated["linux-6.1"].targets["6.1/abc/level-1.tar"] = target_file("one");
  repository.publish();
  const auto client = found_in(repository, "6.1/abc/level-1.tar");
  ASSERT_TRUE(client.found()) << refusal(client);
  EXPECT_EQ(client.found()->role, "linux-6.1");
  EXPECT_EQ(client.found()->download, "6.1/abc/" + sha256_hex(as_bytes("one")) + ".level-1.tar");
}

TEST(TufClient, ADelegatedRoleDoesNotSpeakOfOthersPaths) {
  Repository repository;
  repository.delegate("linux-6.1", {6}, {"6.1/*/*"});
  repository.delegated["linux-6.1"].targets["6.12/abc/level-1.tar"] = target_file("one");
  repository.publish();
  EXPECT_EQ(role_of_found(repository, "6.12/abc/level-1.tar"), "");
}

TEST(TufClient, TheFirstDelegationIsTrustedMost) {
  Repository repository;
  for (const auto* role : {"first", "second"}) {
    repository.delegate(role, {6}, {"*.txt"});
    repository.delegated[role].targets["both.txt"] = target_file(role);
  }
  repository.delegated["second"].targets["other.txt"] = target_file("x");
  repository.publish();
  EXPECT_EQ(role_of_found(repository, "both.txt"), "first");
  EXPECT_EQ(role_of_found(repository, "other.txt"), "second");
}

TEST(TufClient, ATerminatingDelegationEndsTheSearch) {
  Repository repository;
  repository.delegate("first", {6}, {"*.txt"}, true);
  repository.delegate("second", {6}, {"*.txt"});
  repository.delegated["second"].targets["other.txt"] = target_file("x");
  repository.publish();
  EXPECT_EQ(role_of_found(repository, "other.txt"), "");
}

TEST(TufClient, TheSearchGoesDeepBeforeItGoesOn) {
  Repository repository;
  repository.delegate("first", {6}, {"*"});
  repository.delegate("second", {6}, {"*"});
  repository.delegated["second"].targets["a"] = target_file("x");
  auto& first = repository.delegated["first"];
  first.delegations.emplace();
  first.delegations->roles.push_back(
      {.name = "below-first", .role = role_of({7}, 1, first.delegations->keys), .paths = {{"a"}}});
  repository.signers["below-first"] = {7};
  repository.delegated["below-first"].expires = next_year;
  repository.delegated["below-first"].targets["a"] = target_file("y");
  repository.publish();
  EXPECT_EQ(role_of_found(repository, "a"), "below-first");
}

TEST(TufClient, DelegationsInACircleEnd) {
  Repository repository;
  repository.delegate("first", {6}, {"*"});
  auto& first = repository.delegated["first"];
  first.delegations.emplace();
  first.delegations->roles.push_back(
      {.name = "second", .role = role_of({6}, 1, first.delegations->keys), .paths = {{"*"}}});
  auto& second = repository.delegated["second"];
  second = first;
  second.delegations->roles[0].name = "first";
  repository.signers["second"] = {6};
  repository.publish();
  EXPECT_EQ(role_of_found(repository, "a"), "");
}

TEST(TufClient, TheSearchIsBounded) {
  Repository repository;
  for (int i = 0; i < 40; ++i) repository.delegate("role-" + std::to_string(i), {6}, {"*"});
  repository.delegated["role-39"].targets["a"] = target_file("x");
  repository.publish();
  EXPECT_EQ(role_of_found(repository, "a"), "");
}

TEST(TufClient, HashPrefixesDelegateToo) {
  Repository repository;
  repository.delegate("bin", {6}, {});
  auto& bin = repository.targets.delegations->roles[0];
  bin.paths.reset();
  bin.path_hash_prefixes = {sha256_hex(as_bytes("a")).substr(0, 2)};
  repository.delegated["bin"].targets["a"] = target_file("x");
  repository.publish();
  EXPECT_EQ(role_of_found(repository, "a"), "bin");
  bin.path_hash_prefixes = {"zz"};
  repository.publish();
  EXPECT_EQ(role_of_found(repository, "a"), "");
}

TEST(TufClient, AfterASearchThatFailedAnotherOneIsPossible) {
  Repository repository;
  repository.delegate("linux-6.1", {6}, {"6.1/*"});
  repository.publish();
  repository.served.erase("1.linux-6.1.json");
  auto client = found_in(repository, "6.1/a");
  EXPECT_EQ(refusal(client), "missing: 1.linux-6.1.json: the repository does not have it");
  client.find("file.txt");
  EXPECT_TRUE(client.found());
  EXPECT_EQ(refusal(client), "");
}

TEST(TufClient, RoleNamesCannotLeaveTheMetadataDirectory) {
  Repository repository;
  repository.delegate("../../etc/x y", {6}, {"a"});
  repository.delegated["../../etc/x y"].targets["a"] = target_file("x");
  repository.publish();
  auto client = refresh(repository, first_root(repository));
  client.find("a");
  ASSERT_TRUE(client.wanted());
  EXPECT_EQ(client.wanted()->file, "1...%2F..%2Fetc%2Fx%20y.json");
}

}  // namespace
}  // namespace suture::trust::tuf
