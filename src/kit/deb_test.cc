#include "kit/deb.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include "kit/deb_fixture.h"

namespace suture::kit {
namespace {

constexpr auto good_control = "Package: linux-image-6.1.0-53-amd64\nVersion: 6.1.187-1\nArchitecture: amd64\n";

class Deb : public testing::Test {
 protected:
  fs::path deb(const std::vector<Member>& data, const std::string& control = good_control, Kind kind = Kind::tar_xz) {
    const auto path = directory_.path() / "package.deb";
    EXPECT_TRUE(write_text(path, make_deb(control, data, kind)));
    return path;
  }

  // The package cut off, or with one byte changed.
  void damage(const fs::path& path, std::size_t keep, std::size_t flip = SIZE_MAX) {
    auto bytes = *read_text(path);
    if (flip < bytes.size()) bytes[flip] = static_cast<char>(bytes[flip] ^ 0x55);
    bytes.resize(std::min(keep, bytes.size()));
    ASSERT_TRUE(write_text(path, bytes));
  }

  Status unpack_all(const fs::path& deb) {
    return unpack_deb(deb, into(), [](std::string_view path) { return std::optional(std::string(path)); });
  }
  fs::path into() {
    const auto path = directory_.path() / "into";
    fs::create_directory(path);
    return path;
  }
  fs::path outside() const { return directory_.path(); }

 private:
  TempDir directory_ = std::move(*TempDir::make());
};

std::string described(const Status& status) { return status ? "unpacked" : status.error().describe(); }

// Content that no compressor shortens, so that a cut or a flip hits it.
std::string noise(std::size_t size) {
  std::string text(size, '\0');
  std::uint32_t state = 1;
  for (auto& c : text) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  return text;
}

TEST_F(Deb, ControlNamesThePackage) {
  const auto control = read_deb_control(deb({}));
  ASSERT_TRUE(control) << control.error().describe();
  EXPECT_EQ(control->package, "linux-image-6.1.0-53-amd64");
  EXPECT_EQ(control->version, "6.1.187-1");
  EXPECT_EQ(control->architecture, "amd64");
  EXPECT_EQ(control->depends, "");
  EXPECT_EQ(read_deb_control(deb({}, std::string(good_control) + "Depends: x (= 1), y\n"))->depends, "x (= 1), y");
}

TEST_F(Deb, ControlWithoutAVersionIsAnError) {
  const auto control = read_deb_control(deb({}, "Package: x\n"));
  ASSERT_FALSE(control);
  EXPECT_NE(control.error().describe().find("package.deb: has no field Version"), std::string::npos);
}

TEST_F(Deb, UnpacksFilesDirectoriesAndSymlinksInside) {
  const auto path = deb({{"./boot/", "", AE_IFDIR, 0755},
                         {"./boot/vmlinuz", "kernel"},
                         {"./bin/tool", "#!/bin/sh", AE_IFREG, 0755},
                         {"./bin/link", "../boot/vmlinuz", AE_IFLNK, 0777}});
  ASSERT_EQ(described(unpack_all(path)), "unpacked");
  EXPECT_EQ(*read_text(into() / "boot/vmlinuz"), "kernel");
  EXPECT_EQ(*read_text(into() / "bin/link"), "kernel");
  EXPECT_NE(fs::status(into() / "bin/tool").permissions() & fs::perms::owner_exec, fs::perms::none);
  EXPECT_EQ(fs::status(into() / "boot/vmlinuz").permissions() & fs::perms::owner_exec, fs::perms::none);
}

TEST_F(Deb, UnpacksOnlyWhatIsChosenWhereItIsPut) {
  const auto path = deb({{"./boot/vmlinuz", "kernel"}, {"./boot/config", "config"}});
  const auto unpacked = unpack_deb(path, into(), [](std::string_view name) -> std::optional<std::string> {
    if (name == "boot/vmlinuz") return "shipped/vmlinuz";
    return std::nullopt;
  });
  ASSERT_EQ(described(unpacked), "unpacked");
  EXPECT_TRUE(fs::exists(into() / "shipped/vmlinuz"));
  EXPECT_FALSE(fs::exists(into() / "boot"));
}

TEST_F(Deb, UnpacksATarballInsideThePackage) {
  const auto tarball = pack(Kind::tar_xz, {{"linux-source-6.1/Makefile", "all:"}, {"linux-source-6.1/README", "read"}});
  const auto path = deb({{"./usr/src/linux-source-6.1.tar.xz", tarball}}, good_control, Kind::tar);
  const auto unpacked = unpack_deb_tarball(path, "usr/src/linux-source-6.1.tar.xz", into(),
                                           [](std::string_view name) { return std::optional(std::string(name)); });
  ASSERT_EQ(described(unpacked), "unpacked");
  EXPECT_EQ(*read_text(into() / "linux-source-6.1/Makefile"), "all:");
}

TEST_F(Deb, RefusesAPathThatLeadsOutOfThePackage) {
  for (const auto* escaping : {"../escaped", "./boot/../../escaped", "/tmp/escaped"}) {
    const auto said = described(unpack_all(deb({{escaping, "x"}})));
    EXPECT_NE(said.find("its path leads out of the archive"), std::string::npos) << said;
    EXPECT_FALSE(fs::exists(outside() / "escaped"));
  }
}

TEST_F(Deb, RefusesASymlinkThatLeadsOutOfThePackage) {
  for (const auto* target : {"/etc/passwd", "../../etc/passwd", "a/../../../x"}) {
    const auto said = described(unpack_all(deb({{"./boot/link", target, AE_IFLNK, 0777}})));
    EXPECT_NE(said.find("out of the archive"), std::string::npos) << said;
  }
}

TEST_F(Deb, WritesNothingThroughASymlinkOfThePackage) {
  const auto said = described(unpack_all(deb({{"./a", ".", AE_IFLNK, 0777}, {"./a/file", "x"}})));
  EXPECT_NE(said, "unpacked");
  EXPECT_FALSE(fs::exists(into() / "file"));
}

TEST_F(Deb, RefusesTheSameFileTwice) {
  EXPECT_NE(described(unpack_all(deb({{"./a", "first"}, {"./a", "second"}}))), "unpacked");
  EXPECT_EQ(*read_text(into() / "a"), "first");
}

TEST_F(Deb, RefusesDevices) {
  const auto said = described(unpack_all(deb({{"./dev/null", "", AE_IFCHR}})));
  EXPECT_NE(said.find("neither a file, a directory nor a symlink"), std::string::npos) << said;
}

TEST_F(Deb, ACutOffPackageIsAnErrorThatNamesFileAndPlace) {
  for (const auto kind : {Kind::tar, Kind::tar_xz}) {
    const auto path = deb({{"./boot/vmlinuz", noise(200'000)}}, good_control, kind);
    damage(path, 100'000);
    const auto said = described(unpack_all(path));
    EXPECT_NE(said.find("package.deb > data.tar"), std::string::npos) << said;
    EXPECT_NE(said.find("boot/vmlinuz: near byte "), std::string::npos) << said;
    fs::remove_all(into());
  }
}

TEST_F(Deb, AFlippedByteIsFoundByTheCompressorsChecksum) {
  const auto path = deb({{"./boot/vmlinuz", noise(200'000)}});
  damage(path, SIZE_MAX, 150'000);
  EXPECT_NE(described(unpack_all(path)), "unpacked");
}

TEST_F(Deb, AFlippedByteInTheLastFileIsFoundToo) {
  const auto path = deb({{"./a", "a"}, {"./b", noise(300)}});
  const auto size = fs::file_size(path);
  damage(path, SIZE_MAX, size - 200);
  EXPECT_NE(described(unpack_all(path)), "unpacked");
}

TEST_F(Deb, NoCutOfAPackageGoesUnnoticed) {
  const auto path = deb({{"./boot/vmlinuz", noise(600)}});
  const auto whole = *read_text(path);
  for (std::size_t size = 0; size + 1 < whole.size(); size += 19) {
    ASSERT_TRUE(write_text(path, whole.substr(0, size)));
    EXPECT_NE(described(unpack_all(path)), "unpacked") << "cut to " << size << " of " << whole.size();
    fs::remove_all(into());
  }
}

TEST_F(Deb, WhatIsNoPackageIsSaidToBeNone) {
  const auto path = outside() / "package.deb";
  ASSERT_TRUE(write_text(path, "<html>not found</html>"));
  EXPECT_NE(described(unpack_all(path)).find("package.deb"), std::string::npos);
  ASSERT_TRUE(write_text(path, pack(Kind::ar, {{"debian-binary", "2.0\n"}})));
  EXPECT_NE(described(unpack_all(path)).find("holds no data.tar"), std::string::npos);
}

TEST_F(Deb, AWriteThatFailsIsNotSilent) {
  const auto path = deb({{"./file", noise(100'000)}});
  const auto old_handler = ::signal(SIGXFSZ, SIG_IGN);
  rlimit old_limit{};
  ::getrlimit(RLIMIT_FSIZE, &old_limit);
  const rlimit small{.rlim_cur = 50'000, .rlim_max = old_limit.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const auto said = described(unpack_all(path));
  ::setrlimit(RLIMIT_FSIZE, &old_limit);
  ::signal(SIGXFSZ, old_handler);
  EXPECT_NE(said.find("into/file: cannot write"), std::string::npos) << said;
}

}  // namespace
}  // namespace suture::kit
