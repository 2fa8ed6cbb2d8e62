#include "repository/bundle.h"

#include <gtest/gtest.h>

#include "repository/testing/published.h"
#include "repository/update.h"
#include "repository/url_source.h"

namespace suture::repository {
namespace {

using testing::build_id;
using testing::Published;
using testing::release;
using trust::tuf::testing::now;

fs::path exported(const Published& repository, const std::string& name, const std::vector<std::string>& kernels = {}) {
  const auto source = repository.source();
  const auto bundle = export_bundle(*source, repository.path() / "first-root.json", kernels, now);
  EXPECT_TRUE(bundle) << bundle.error().describe();
  EXPECT_TRUE(write_file(repository.path() / name, *bundle));
  return repository.path() / name;
}

TEST(Bundle, IsARepositoryForWhoeverReadsIt) {
  const Published repository(2);
  const auto source = open_source(exported(repository, "all.bundle")).value();
  const auto store = repository.store();
  const auto update = Update::begin(store, *source, now).value();
  ASSERT_TRUE(update->refresh());
  EXPECT_EQ(update->index(release, build_id).value()->levels.size(), 2U);
  EXPECT_EQ(update->level(release, build_id, 2)->level.manifest.level, 2U);
}

TEST(Bundle, OfARepositoryThatAClientWouldRefuseThereIsNone) {
  Published repository;
  auto bad = repository.contents.begin()->second;
  bad[10] ^= 1;
  repository.put(repository.contents.begin()->first, bad);
  const auto source = repository.source();
  const auto root = repository.path() / "first-root.json";
  EXPECT_FALSE(export_bundle(*source, root, {}, now));
  repository.put(repository.contents.begin()->first, repository.contents.begin()->second);
  EXPECT_TRUE(export_bundle(*source, root, {build_id}, now));
  EXPECT_FALSE(export_bundle(*source, root, {"6.1.0-1-amd64"}, now));
  EXPECT_FALSE(export_bundle(*source, root, {}, trust::tuf::testing::next_year));
}

TEST(Bundle, IsImportedWholeAndNeverBack) {
  Published repository;
  const auto inside = repository.path() / "inside";
  const auto root = repository.path() / "first-root.json";
  const auto one = exported(repository, "one.bundle");
  repository.add_level(2);
  repository.write_next();
  const auto two = exported(repository, "two.bundle");

  EXPECT_FALSE(import_bundle(one, inside, {}, now));
  EXPECT_EQ(import_bundle(one, inside, root, now)->targets.size(), 2U);
  EXPECT_EQ(import_bundle(two, inside, {}, now)->written.back(), "metadata/timestamp.json");
  EXPECT_TRUE(import_bundle(two, inside, {}, now)->written.empty());
  const auto before = read_file(inside / "metadata/timestamp.json").value();
  EXPECT_FALSE(import_bundle(one, inside, {}, now));
  EXPECT_EQ(read_file(inside / "metadata/timestamp.json").value(), before);
}

TEST(Bundle, ARootThatTheBundleBringsItselfIsNotBegunWith) {
  const Published ours;
  Published others;
  others.set_role("root", {7}, 1);
  others.set_role("timestamp", {8}, 1);
  others.publish_root();
  others.write();
  others.put("first-root.json", others.served.at("1.root.json"));
  const auto bundle = exported(others, "others.bundle");
  EXPECT_FALSE(import_bundle(bundle, ours.path() / "inside", ours.path() / "first-root.json", now));
  EXPECT_FALSE(fs::exists(ours.path() / "inside/metadata/timestamp.json"));
}

TEST(Bundle, IsImportedWhicheverHashComesFirst) {
  Published repository;
  auto& targets = repository.delegated["linux-6.1"].targets;
  for (auto& [path, described] : targets) described.hashes["blake2b"] = std::string(64, '0');
  repository.write_next();
  const auto into = repository.path() / "imported";
  const auto imported =
      import_bundle(exported(repository, "all.bundle"), into, repository.path() / "first-root.json", now);
  ASSERT_TRUE(imported) << imported.error().describe();
  EXPECT_EQ(imported->targets.size(), targets.size());
}

TEST(Bundle, BringsTheAgentsReleasesWhicheverKernelWasNamed) {
  Published repository;
  repository.add_agent_releases(2);
  repository.write_next();
  for (const auto& kernels : {std::vector<std::string>{}, {build_id}}) {
    const auto into = repository.path() / fmt::format("imported-{}", kernels.size());
    const auto bundle = exported(repository, "agent.bundle", kernels);
    const auto imported = import_bundle(bundle, into, repository.path() / "first-root.json", now);
    ASSERT_TRUE(imported) << imported.error().describe();
    EXPECT_EQ(imported->targets.size(), 2U + 5U);
  }
}

TEST(Bundle, OfTheAgentsReleasesAloneIsOne) {
  Published repository(0);
  const auto source = repository.source();
  const auto root = repository.path() / "first-root.json";
  EXPECT_FALSE(export_bundle(*source, root, {}, now));
  repository.add_agent_releases(1);
  repository.write_next();
  const auto bundle = export_bundle(*source, root, {}, now);
  EXPECT_TRUE(bundle) << bundle.error().describe();
  EXPECT_FALSE(export_bundle(*source, root, {release}, now));
}

TEST(Bundle, AKernelThatIsNotThereIsNamedThoughOthersAre) {
  const Published repository;
  const auto source = repository.source();
  const auto bundle = export_bundle(*source, repository.path() / "first-root.json", {release, "6.1.0-1-amd64"}, now);
  ASSERT_FALSE(bundle);
  EXPECT_TRUE(bundle.error().message().ends_with("has no levels of 6.1.0-1-amd64")) << bundle.error().message();
}

TEST(Bundle, AnIndexInThePlaceOfAnotherKernelsIsRefused) {
  Published repository;
  repository.index.build_id = std::string(40, 'c');
  const auto text = trust::write_kernel_index(repository.index).value();
  repository.set_target(trust::index_path("6.1", build_id), {text.begin(), text.end()});
  repository.write_next();
  const auto source = repository.source();
  EXPECT_FALSE(export_bundle(*source, repository.path() / "first-root.json", {}, now));
}

}  // namespace
}  // namespace suture::repository
