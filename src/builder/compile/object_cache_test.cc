#include "builder/compile/object_cache.h"

#include <gtest/gtest.h>

#include <functional>

#include "base/digest.h"

namespace suture::builder {
namespace {

class Cache : public ::testing::Test {
 protected:
  void SetUp() override {
    auto made = TempDir::make();
    ASSERT_TRUE(made);
    directory_.emplace(std::move(*made));
    ASSERT_TRUE(cache().store("key", entry_, digest_of_));
  }
  ObjectCache cache() const { return ObjectCache(directory_->path() / "objects"); }
  fs::path file() const { return directory_->path() / "objects" / "key"; }

  std::optional<TempDir> directory_;
  std::map<std::string, std::string> contents_ = {{"a.c", "int a;"}, {"dir with space/b.h", "int b;"}};
  ObjectCache::DigestOf digest_of_ = [this](const std::string& name) { return sha256_hex(as_bytes(contents_[name])); };
  CachedObject entry_ = {.object = {0x7f, 'E', 'L', 'F', '\n', 0, '\n'},
                         .dependencies = {"a.c", "dir with space/b.h"},
                         .warnings = {{"a.c", "", "one\tand two"}, {"a.c", "f", "three"}}};
};

TEST_F(Cache, GivesBackWhatWasStored) {
  const auto loaded = cache().load("key", digest_of_);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->object, entry_.object);
  EXPECT_EQ(loaded->dependencies, entry_.dependencies);
  EXPECT_EQ(loaded->warnings, entry_.warnings);
  EXPECT_FALSE(cache().load("other key", digest_of_));
}

TEST_F(Cache, AnEntryWhoseDependencyHasChangedIsNotUsed) {
  contents_["dir with space/b.h"] = "long b;";
  EXPECT_FALSE(cache().load("key", digest_of_));
}

TEST_F(Cache, ADamagedEntryIsNotUsedWhereverTheDamageIs) {
  const auto good = *read_text(file());
  for (std::size_t at = 0; at < good.size(); ++at) {
    auto bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    ASSERT_TRUE(write_text(file(), bad, Sync::no));
    EXPECT_FALSE(cache().load("key", digest_of_)) << "byte " << at;
    ASSERT_TRUE(write_text(file(), good.substr(0, at), Sync::no));
    EXPECT_FALSE(cache().load("key", digest_of_)) << "first " << at << " bytes";
  }
}

TEST_F(Cache, ADamagedEntryIsReplaced) {
  ASSERT_TRUE(write_text(file(), "rubbish"));
  ASSERT_TRUE(cache().store("key", entry_, digest_of_));
  EXPECT_TRUE(cache().load("key", digest_of_));
}

TEST_F(Cache, WhatCannotBeCheckedLaterIsNotKept) {
  ASSERT_TRUE(cache().store("unreadable", entry_, [](const std::string&) { return std::string(); }));
  EXPECT_FALSE(cache().load("unreadable", [](const std::string&) { return std::string(); }));
}

TEST(FileDigests, AMissingFileEqualsNothing) { EXPECT_EQ(FileDigests().of("/no/such/file"), ""); }

}  // namespace
}  // namespace suture::builder
