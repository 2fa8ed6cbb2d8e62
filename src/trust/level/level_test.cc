#include "trust/level/level.h"

#include <gtest/gtest.h>

#include "trust/level/kernel_index.h"
#include "trust/level/testing/manifests.h"

namespace suture::trust {
namespace {

using testing::level_file;
using testing::manifest_of;

std::string failure(const Bytes& file) {
  const auto level = read_level(file, "level-2.tar");
  return level ? "did not fail" : level.error().describe();
}

template <typename Bend>
std::string bent(Bend bend) {
  auto manifest = manifest_of(2);
  manifest.files = {{.name = "live-patch.ko", .length = 1, .sha256 = std::string(64, '0')}};
  bend(manifest);
  const auto text = write_manifest(manifest);
  return text ? "did not fail" : text.error().message();
}

TEST(Level, IsReadAsItWasWritten) {
  const auto file = level_file(2);
  const auto level = read_level(file, "level-2.tar").value();
  EXPECT_EQ(level.manifest.level, 2U);
  EXPECT_EQ(level.manifest.fixes.size(), 2U);
  EXPECT_EQ(as_text(level.file("live-patch.ko")), "the module of level_2");
  EXPECT_TRUE(level.file("proof.json").empty());
}

TEST(Level, AFileThatTheManifestDoesNotListIsRefused) {
  const auto file = level_file(2);
  auto members = read_archive(file, "x").value();
  members.push_back({"more.txt", as_bytes("x")});
  EXPECT_EQ(failure(*write_archive(members)), "level-2.tar: has 2 files, the manifest lists 1");
  members.pop_back();
  members[1].content = as_bytes("another module");
  EXPECT_EQ(failure(*write_archive(members)),
            "level-2.tar: live-patch.ko: is not the file that the manifest lists as live-patch.ko");
  members.erase(members.begin());
  EXPECT_EQ(failure(*write_archive(members)), "level-2.tar: does not begin with a manifest");
}

TEST(Manifest, AnUnknownMemberRefusesTheWhole) {
  auto text = write_manifest(read_level(level_file(2), "x")->manifest).value();
  text.replace(text.find("\"series\""), 0, "\"only_on_tuesdays\": true,");
  EXPECT_EQ(read_manifest(text, "manifest.json").error().message(),
            "manifest.json: has the unknown member 'only_on_tuesdays'");
}

TEST(Manifest, AnotherFormatIsRefused) {
  EXPECT_EQ(bent([](Manifest& m) { m.format = 2; }), "is of format 2; this version reads format 1");
}

TEST(Manifest, WhatItSaysMustFitTogether) {
  EXPECT_EQ(bent([](Manifest&) {}), "did not fail");
  EXPECT_EQ(bent([](Manifest& m) { m.release = "6.12.1"; }), "series: is '6.1', the release's is '6.12'");
  EXPECT_EQ(bent([](Manifest& m) { m.level = 0; }), "level: 0 means no live patch");
  EXPECT_EQ(bent([](Manifest& m) { m.supersedes = {2}; }), "supersedes: are not the levels below, ascending");
  EXPECT_EQ(bent([](Manifest& m) { m.withdraws = {"fix-1"}; }), "withdraws: 'fix-1' is among the fixes");
  EXPECT_EQ(bent([](Manifest& m) { m.fixes[1].id = "fix-1"; }), "fixes: 'fix-1' is no unique id");
  EXPECT_EQ(bent([](Manifest& m) { m.fixes[0].cves = {"CVE-26-1"}; }), "fixes: fix-1: 'CVE-26-1' is no CVE id");
  EXPECT_EQ(bent([](Manifest& m) { m.objects[0].build_id[0] = '2'; }),
            "objects: vmlinux has another build-id than the kernel");
  EXPECT_EQ(bent([](Manifest& m) { m.objects.clear(); }), "objects: there is none");
  EXPECT_EQ(bent([](Manifest& m) { m.objects[0].callbacks = {"init"}; }), "objects: vmlinux: 'init' is no callback");
  EXPECT_EQ(bent([](Manifest& m) { m.files[0].name = "../live-patch.ko"; }),
            "files: '../live-patch.ko' is no unique name of a file");
  EXPECT_EQ(bent([](Manifest& m) { m.files[0].name = "other.ko"; }), "files: live-patch.ko is missing");
  EXPECT_EQ(bent([](Manifest& m) {
              m.proofs = {{"failed", "kvm", 0, "live-patch.ko"}};
            }),
            "proofs: 'failed' proves nothing");
}

TEST(Manifest, EdgesLeadToAndFromThisLevel) {
  EXPECT_EQ(bent([](Manifest& m) {
              m.edges = {{0, 1, "replace"}};
            }),
            "edges: 0 to 1 is not between level 2 and one below");
  EXPECT_EQ(bent([](Manifest& m) {
              m.edges = {{3, 2, "replace"}};
            }),
            "edges: 3 to 2 is not between level 2 and one below");
  EXPECT_EQ(bent([](Manifest& m) {
              m.edges = {{1, 2, "force"}};
            }),
            "edges: 'force' is no way from one level to another");
  EXPECT_EQ(bent([](Manifest& m) { m.edges = {{1, 2, "replace"}, {1, 2, "reboot"}}; }), "edges: 1 to 2 comes twice");
}

TEST(Manifest, TheSeriesIsTheFirstTwoNumbersOfTheRelease) {
  EXPECT_EQ(*series_of("6.1.0-53-amd64"), "6.1");
  EXPECT_EQ(*series_of("6.12.115+deb12-amd64"), "6.12");
  EXPECT_EQ(*series_of("7.0-rc1"), "7.0");
  for (const auto* release : {"", "6", "6.", ".1", "6.x", "6.1/../..", "v6.1"})
    EXPECT_FALSE(series_of(release)) << release;
}

KernelIndex index_with(std::uint32_t levels) {
  KernelIndex index{.release = "6.1.0-53-amd64", .build_id = testing::build_id, .levels = {}};
  for (std::uint32_t i = 1; i <= levels; ++i) EXPECT_TRUE(add_level(index, manifest_of(i)));
  return index;
}

TEST(KernelIndex, IsReadAsItWasWritten) {
  auto index = index_with(3);
  index.floor = 2;
  const auto again = read_kernel_index(*write_kernel_index(index), "kernel.json").value();
  EXPECT_EQ(again.floor, 2U);
  ASSERT_EQ(again.levels.size(), 3U);
  EXPECT_EQ(again.levels[2].fixes.size(), 3U);
  EXPECT_EQ(again.levels[2].fixes[0].cves, std::vector<std::string>{"CVE-2026-12341"});
}

TEST(KernelIndex, AFloorIsOneOfTheLevels) {
  auto index = index_with(1);
  index.floor = 2;
  EXPECT_EQ(write_kernel_index(index).error().message(), "floor: there is no level 2");
}

TEST(KernelIndex, LevelsOnlyGrow) {
  auto index = index_with(2);
  EXPECT_EQ(add_level(index, manifest_of(2)).error().message(), "6.1.0-53-amd64: level 2 is there already");
}

TEST(KernelIndex, ALevelOfAnotherKernelIsRefused) {
  auto index = index_with(1);
  auto manifest = manifest_of(2);
  manifest.build_id[0] = 'f';
  EXPECT_NE(add_level(index, manifest).error().message().find("the level is for"), std::string::npos);
}

TEST(KernelIndex, AFixIsLostOnlyWhenItIsWithdrawnByName) {
  auto index = index_with(1);
  auto manifest = manifest_of(2);
  manifest.fixes.erase(manifest.fixes.begin());
  EXPECT_EQ(add_level(index, manifest).error().message(), "level 2 lacks the fix 'fix-1' of level 1");
  manifest.withdraws = {"fix-1"};
  EXPECT_TRUE(add_level(index, manifest));
  manifest = manifest_of(3);
  manifest.withdraws = {"fix-9"};
  EXPECT_EQ(add_level(index, manifest).error().message(), "level 2 has no fix 'fix-9' to withdraw");
}

}  // namespace
}  // namespace suture::trust
