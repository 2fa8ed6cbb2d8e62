#include "repository/store.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "repository/testing/published.h"
#include "repository/update.h"

namespace suture::repository {
namespace {

using testing::build_id;
using testing::Published;
using testing::release;
using trust::tuf::testing::now;

void keep_level(const Published& repository, std::uint32_t level) {
  const auto store = repository.store();
  const auto source = repository.source();
  const auto update = Update::begin(store, *source, now).value();
  ASSERT_TRUE(update->refresh());
  ASSERT_TRUE(update->index(release, build_id));
  ASSERT_TRUE(update->level(release, build_id, level));
}

TEST(Store, DamageOfAKeptLevelIsSeenAndHarmlessElsewhere) {
  const Published repository;
  keep_level(repository, 1);
  const auto path = repository.path() / "state/kept" / build_id / "level-1.tar";
  const auto good = read_file(path).value();
  const auto whole = repository.store().kept_level(release, build_id, 1).value();
  std::size_t refused = 0;
  for (std::size_t at = 0; at < good.size(); at += 97) {
    auto bad = good;
    bad[at] ^= 0x04;
    ASSERT_TRUE(write_file(path, bad, Sync::no));
    const auto kept = repository.store().kept_level(release, build_id, 1);
    // One signature more than the threshold may be damaged, or the recorded time be off by a digit.
    if (!kept) {
      ++refused;
    } else {
      EXPECT_EQ(kept->archive, whole.archive) << at;
    }
  }
  EXPECT_GT(refused, good.size() / 97 / 2);
  ASSERT_TRUE(write_file(path, ByteView(good).first(good.size() / 2), Sync::no));
  EXPECT_FALSE(repository.store().kept_level(release, build_id, 1));
}

TEST(Store, AKeptLevelUnderAnothersNameIsRefused) {
  const Published repository(2);
  keep_level(repository, 1);
  const auto kept = repository.path() / "state/kept" / build_id;
  fs::copy_file(kept / "level-1.tar", kept / "level-2.tar");
  EXPECT_FALSE(repository.store().kept_level(release, build_id, 2));
  EXPECT_TRUE(repository.store().kept_level(release, build_id, 1));
}

TEST(Store, TheIndexIsKeptToo) {
  const Published repository(2);
  EXPECT_FALSE(repository.store().kept_index(release, build_id).value());
  keep_level(repository, 1);
  EXPECT_EQ(repository.store().kept_index(release, build_id).value()->levels.size(), 2U);
}

TEST(Store, DamagedMetadataIsSaidToBeDamagedAndNotReplacedInSilence) {
  const Published repository;
  keep_level(repository, 1);
  ASSERT_TRUE(write_text(repository.path() / "state/trusted.tar", "not an archive"));
  const auto loaded = repository.store().load();
  ASSERT_FALSE(loaded);
  EXPECT_NE(loaded.error().advice().find("to begin with"), std::string::npos);
}

TEST(Store, AWriteThatWasInterruptedLeavesNothingBehind) {
  const Published repository;
  keep_level(repository, 1);
  const auto state = repository.path() / "state";
  ASSERT_TRUE(write_text(state / "trusted.tar.a1B2c3", "half"));
  ASSERT_TRUE(write_text(state / "kept" / build_id / "level-1.tar.a1B2c3", "half"));
  keep_level(repository, 1);
  EXPECT_FALSE(fs::exists(state / "trusted.tar.a1B2c3"));
  EXPECT_FALSE(fs::exists(state / "kept" / build_id / "level-1.tar.a1B2c3"));
}

/// Kills the process that visits at its Nth file.
class Deadly : public Source {
 public:
  Deadly(Source& source, int good) : source_(source), good_(good) {}
  Result<std::optional<Bytes>> fetch(const std::string& path, std::uint64_t most) override {
    if (good_-- == 0) ::raise(SIGKILL);
    return source_.fetch(path, most);
  }
  std::string name() const override { return "deadly"; }

 private:
  Source& source_;
  int good_;
};

TEST(Store, KilledAtAnyFileAnUpdateCanBeginAgain) {
  const Published repository(2);
  for (int good = 0;; ++good) {
    const auto child = ::fork();
    if (child == 0) {
      const auto store = repository.store();
      const auto source = repository.source();
      Deadly deadly(*source, good);
      const auto update = Update::begin(store, deadly, now).value();
      const bool done = update->refresh() && update->index(release, build_id) && update->level(release, build_id, 2);
      ::_exit(done ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    ASSERT_TRUE(repository.store().load());
    for (const auto level : repository.store().kept_levels(build_id)) {
      EXPECT_TRUE(repository.store().kept_level(release, build_id, level));
    }
    if (WIFEXITED(status)) break;
    ASSERT_LT(good, 20);
  }
  keep_level(repository, 2);
}

}  // namespace
}  // namespace suture::repository
