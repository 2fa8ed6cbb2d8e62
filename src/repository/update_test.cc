#include "repository/update.h"

#include <gtest/gtest.h>

#include "base/words.h"
#include "repository/kernels.h"
#include "repository/testing/published.h"

namespace suture::repository {
namespace {

namespace tuf = trust::tuf;
using testing::build_id;
using testing::Published;
using testing::release;
using tuf::testing::now;

/// Refreshes and takes a level: "" or what went wrong.
std::string take_level(const Published& repository, Source& source, std::uint32_t level = 1, tuf::Time time = now) {
  const auto store = repository.store();
  auto update = Update::begin(store, source, time);
  if (!update) return update.error().describe();
  if (const auto done = (*update)->refresh(); !done) return done.error().describe();
  const auto taken = (*update)->level(release, build_id, level);
  return taken ? "" : taken.error().describe();
}
std::string take_level(const Published& repository, std::uint32_t level = 1, tuf::Time time = now) {
  return take_level(repository, *repository.source(), level, time);
}

#define EXPECT_HAS(text, part) EXPECT_TRUE(contains(text, part)) << (text)

TEST(Update, FindsTheIndexAndTakesTheNewestLevel) {
  const Published repository(2);
  const auto store = repository.store();
  const auto source = repository.source();
  const auto update = Update::begin(store, *source, now).value();
  ASSERT_TRUE(update->refresh());
  const auto index = update->index(release, build_id).value();
  ASSERT_TRUE(index);
  ASSERT_EQ(index->levels.size(), 2U);
  const auto level = update->level(release, build_id, index->levels.back().level).value();
  EXPECT_EQ(level.level.manifest.level, 2U);
  EXPECT_EQ(as_text(level.level.file(trust::live_patch_file)), "the module of level_2");
  EXPECT_EQ(update->expiries().size(), 5U);
}

TEST(Update, AKernelThatNobodySpeaksOfHasNoIndex) {
  const Published repository;
  const auto store = repository.store();
  const auto source = repository.source();
  const auto update = Update::begin(store, *source, now).value();
  ASSERT_TRUE(update->refresh());
  EXPECT_FALSE(update->index(release, std::string(40, 'b')).value());
  EXPECT_FALSE(update->index("6.12.1-amd64", build_id).value());
  EXPECT_FALSE(update->refusal());
}

TEST(Update, WhatWasSeenIsRememberedAcrossRestarts) {
  Published repository;
  repository.write_next();
  ASSERT_EQ(take_level(repository), "");
  for (tuf::Head* each : std::initializer_list<tuf::Head*>{&repository.targets, &repository.snapshot,
                                                           &repository.timestamp, &repository.delegated["linux-6.1"]})
    each->version = 1;
  repository.write();
  EXPECT_HAS(take_level(repository), "not trusted (rollback): timestamp.json");
}

TEST(Update, MetadataThatIsOlderThanAFreshClientWasToldIsRefused) {
  const Published repository;
  const auto have = [&] {
    EXPECT_EQ(take_level(repository), "");
    return repository.store().versions().value();
  }();
  ASSERT_TRUE(repository.store().pin(have));
  EXPECT_EQ(take_level(repository), "");
  for (const auto member : {&Versions::root, &Versions::timestamp, &Versions::snapshot, &Versions::targets}) {
    auto newer = have;
    ++(newer.*member);
    ASSERT_TRUE(repository.store().pin(newer));
    EXPECT_HAS(take_level(repository), "not trusted (rollback)");
  }
}

TEST(Update, ExpiredMetadataBlocksNewLevelsAndNoneThatWereVerified) {
  const Published repository(2);
  ASSERT_EQ(take_level(repository, 1), "");
  const auto later = tuf::testing::next_year + std::chrono::days(1);
  EXPECT_HAS(take_level(repository, 2, later), "not trusted (expired): ");
  const auto kept = repository.store().kept_level(release, build_id, 1);
  ASSERT_TRUE(kept) << kept.error().describe();
  EXPECT_EQ(kept->verified, now);
  EXPECT_EQ(as_text(kept->level.file(trust::live_patch_file)), "the module of level_1");
  EXPECT_EQ(repository.store().kept_levels(build_id), std::vector<std::uint32_t>{1});
}

TEST(Update, AClockThatIsSetBackUndoesNoExpiry) {
  Published repository;
  const auto late = tuf::testing::next_year - std::chrono::days(1);
  ASSERT_EQ(take_level(repository, 1, late), "");
  EXPECT_EQ(repository.store().load().value().floor, late);
  repository.timestamp.expires = late - std::chrono::hours(1);
  repository.write_next();
  EXPECT_HAS(take_level(repository, 1, now), "not trusted (expired): timestamp.json");
}

TEST(Update, AClockFarAheadForAMomentDoesNoLastingHarm) {
  const Published repository;
  EXPECT_HAS(take_level(repository, 1, now + std::chrono::days(9000)), "expired");
  EXPECT_EQ(take_level(repository), "");
}

TEST(Update, AnotherKernelsIndexInItsPlaceIsRefused) {
  Published repository;
  repository.index.build_id = std::string(40, 'c');
  const auto text = trust::write_kernel_index(repository.index).value();
  repository.set_target(trust::index_path("6.1", build_id), {text.begin(), text.end()});
  repository.write_next();
  const auto store = repository.store();
  const auto source = repository.source();
  const auto update = Update::begin(store, *source, now).value();
  ASSERT_TRUE(update->refresh());
  EXPECT_FALSE(update->index(release, build_id));
  EXPECT_EQ(update->refusal()->reason, tuf::Reason::mismatch);
}

std::unique_ptr<Update> refreshed(const Store& store, Source& source) {
  auto update = Update::begin(store, source, now).value();
  EXPECT_TRUE(update->refresh());
  return update;
}

TEST(Update, FindsTheAgentsReleasesAndTakesTheirPackages) {
  Published repository;
  repository.add_agent_releases(2);
  repository.write_next();
  const auto store = repository.store();
  const auto source = repository.source();
  const auto update = refreshed(store, *source);
  const auto index = update->agent_index().value();
  ASSERT_TRUE(index);
  EXPECT_EQ(*index, repository.agent);
  const auto& newest = index->releases.back();
  const auto taken = update->agent_package(newest, *newest.package("suture-fetch", "amd64"));
  ASSERT_TRUE(taken) << taken.error().describe();
  EXPECT_EQ(as_text(*taken), "suture-fetch 2.0");
  EXPECT_TRUE(update->targets()->contains(trust::package_path(newest, newest.packages.front())));
}

TEST(Update, ARepositoryOfLevelsAloneHasNoReleasesOfTheAgent) {
  const Published repository;
  const auto store = repository.store();
  const auto source = repository.source();
  EXPECT_FALSE(refreshed(store, *source)->agent_index().value());
}

TEST(Update, WhoeverSignsLevelsIsNotBelievedAboutTheAgent) {
  Published repository;
  repository.add_agent_releases(1, "linux-6.1");
  repository.write_next();
  const auto store = repository.store();
  const auto source = repository.source();
  {
    const auto update = refreshed(store, *source);
    EXPECT_FALSE(update->agent_index().value());
    const auto& newest = repository.agent.releases.back();
    EXPECT_FALSE(update->agent_package(newest, newest.packages.front()));
    EXPECT_EQ(update->refusal()->reason, tuf::Reason::missing);
    EXPECT_FALSE(update->targets()->contains(std::string(trust::agent_index_path)));
  }
  // Nor beside the role that speaks of it.
  repository.delegate("agent", {7}, {"agent/*", "agent/*/*"}, true);
  repository.write_next();
  EXPECT_FALSE(refreshed(store, *source)->agent_index().value());
}

TEST(Update, AKernelsIndexThatTheAgentsRoleSignedIsNoKernels) {
  Published repository;
  repository.add_agent_releases(1);
  repository.set_target(trust::index_path("agent", build_id), {}, "agent");
  repository.write_next();
  const auto store = repository.store();
  const auto source = repository.source();
  EXPECT_EQ(index_paths(refreshed(store, *source)->targets().value()), std::vector{trust::index_path("6.1", build_id)});
}

TEST(Update, APackageThatIsNotTheOneTheIndexNamesIsRefused) {
  Published repository;
  repository.add_agent_releases(1);
  const auto newest = repository.agent.releases.back();
  const auto& package = newest.packages.front();
  const std::string_view other = "another program";
  repository.set_target(trust::package_path(newest, package), {other.begin(), other.end()}, "agent");
  repository.write_next();
  const auto store = repository.store();
  const auto source = repository.source();
  const auto update = refreshed(store, *source);
  EXPECT_FALSE(update->agent_package(newest, package));
  EXPECT_EQ(update->refusal()->reason, tuf::Reason::mismatch);
}

TEST(Update, ATargetThatIsMissingOrTamperedWithIsRefused) {
  Published repository;
  const auto path = repository.target_file(trust::level_path("6.1", build_id, 1));
  auto bad = repository.contents.at(path);
  bad[700] ^= 1;
  repository.put(path, bad);
  EXPECT_HAS(take_level(repository), "not trusted (mismatch)");
  bad.push_back(0);
  repository.put(path, bad);
  EXPECT_HAS(take_level(repository), "not trusted (too-long)");
  ASSERT_TRUE(remove_tree(repository.path() / path));
  EXPECT_HAS(take_level(repository), "not trusted (missing)");
}

/// Fails at the Nth file that is asked for, as a network does.
class Unreliable : public Source {
 public:
  Unreliable(Source& source, int good) : source_(source), good_(good) {}
  Result<std::optional<Bytes>> fetch(const std::string& path, std::uint64_t most) override {
    if (good_-- == 0) return fail("{}: the connection was reset", path);
    return source_.fetch(path, most);
  }
  std::string name() const override { return "unreliable"; }

 private:
  Source& source_;
  int good_;
};

TEST(Update, AConnectionThatBreaksAnywhereIsNoRefusalAndTheNextTryGoesWell) {
  const Published repository;
  const auto source = repository.source();
  for (int good = 0; good < 6; ++good) {
    Unreliable unreliable(*source, good);
    EXPECT_HAS(take_level(repository, unreliable), "the connection was reset");
    ASSERT_TRUE(repository.store().load());
    ASSERT_TRUE(remove_tree(repository.path() / "state"));
  }
  Unreliable unreliable(*source, 4);
  EXPECT_HAS(take_level(repository, unreliable), "the connection was reset");
  EXPECT_EQ(take_level(repository), "");
}

TEST(Update, ANewerRootFromThePackageIsBegunWithAndAnOlderIsNot) {
  Published repository;
  ASSERT_EQ(take_level(repository), "");
  repository.set_role("root", {7, 8}, 2);
  repository.publish_next_root({0, 1, 7, 8});
  const auto configured = repository.path() / "first-root.json";
  ASSERT_TRUE(write_file(configured, repository.served.at("2.root.json")));
  EXPECT_EQ(repository.store().load()->files.at("root.json"), repository.served.at("2.root.json"));
  repository.write();
  ASSERT_EQ(take_level(repository), "");
  ASSERT_TRUE(write_file(configured, repository.served.at("1.root.json")));
  EXPECT_EQ(repository.store().load()->files.at("root.json"), repository.served.at("2.root.json"));
}

TEST(Update, WithoutARootNothingIsTrusted) {
  const Published repository;
  ASSERT_TRUE(remove_tree(repository.path() / "first-root.json"));
  EXPECT_HAS(take_level(repository), "the root to begin with");
}

TEST(Update, TargetsThatAreLinksOrDevicesAreNotRead) {
  Published repository;
  const auto path = repository.path() / repository.target_file(trust::level_path("6.1", build_id, 1));
  fs::rename(path, path.string() + ".away");
  fs::create_symlink(path.string() + ".away", path);
  EXPECT_HAS(take_level(repository), "cannot open");
}

}  // namespace
}  // namespace suture::repository
