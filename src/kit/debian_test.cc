// Whole runs of add_debian_kit() on tiny packages: the "kernel" is a makefile that copies its .config
// and writes the one generated header that is compared.
#include "kit/debian.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <thread>

#include "base/digest.h"
#include "base/process.h"
#include "kit/deb.h"
#include "kit/deb_fixture.h"
#include "kit/kbuild.h"
#include "kit/toolchain.h"

namespace suture::kit {
namespace {

constexpr auto release = "6.1.0-53-amd64";
constexpr auto header = "#define OFFSET 8\n";

struct Contents {
  std::string version = "6.1.187-1";
  std::string headers_version = "6.1.187-1";
  std::string config;
  std::string makefile =
      "olddefconfig:\n\t@true\n"
      "modules_prepare:\n\t@mkdir -p include/generated; printf '#define OFFSET 8\\n' "
      ">include/generated/asm-offsets.h\n";
  std::string header = kit::header;
};

class AddDebianKit : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto tools = check_tools("gcc"); !tools) GTEST_SKIP() << tools.error().describe();
    ASSERT_TRUE(make_directories(debs()));
    isolate_apt();
    ::setenv("SUTURE_CACHE", (directory_.path() / "cache").c_str(), 1);
    const auto said = run_checked({.argv = {"gcc", "--version"}});
    ASSERT_TRUE(said);
    compiler_ = said->output.substr(0, said->output.find('\n'));
    contents_.config = fmt::format("CONFIG_CC_VERSION_TEXT=\"{}\"\nCONFIG_PAHOLE_VERSION=124\n", compiler_);
  }
  void TearDown() override {
    ::unsetenv("SUTURE_CACHE");
    ::unsetenv("APT_CONFIG");
  }

  // An apt of our own, that knows only the packages in debs(), or nothing before offer_by_apt().
  void isolate_apt() {
    const auto apt = directory_.path() / "apt";
    ASSERT_TRUE(make_directories(apt / "lists/partial"));
    ASSERT_TRUE(make_directories(apt / "cache/archives/partial"));
    ASSERT_TRUE(write_text(apt / "sources.list", fmt::format("deb [trusted=yes] file:{} ./\n", debs().string())));
    ASSERT_TRUE(write_text(apt / "apt.conf",
                           fmt::format("Dir::State \"{0}\"; Dir::State::lists \"{0}/lists\"; Dir::Cache \"{0}/cache\";"
                                       "Dir::State::status \"/dev/null\"; Dir::Etc::sourcelist \"{0}/sources.list\";"
                                       "Dir::Etc::sourceparts \"-\"; APT::Sandbox::User \"root\";"
                                       "APT::Architecture \"amd64\"; APT::Architectures {{ \"amd64\"; }};\n",
                                       apt.string())));
    ::setenv("APT_CONFIG", (apt / "apt.conf").c_str(), 1);
  }
  void offer_by_apt() {
    std::string index;
    for (const auto& entry : fs::directory_iterator(debs())) {
      if (entry.path().extension() != ".deb") continue;
      const auto control = read_deb_control(entry.path());
      ASSERT_TRUE(control);
      index += fmt::format("Package: {}\nVersion: {}\nArchitecture: amd64\nFilename: ./{}\nSize: {}\nSHA256: {}\n\n",
                           control->package, control->version, entry.path().filename().string(), entry.file_size(),
                           *sha256_file(entry.path()));
    }
    ASSERT_TRUE(write_text(debs() / "Packages", index));
    const auto updated = run_checked({.argv = {"apt-get", "update"}});
    ASSERT_TRUE(updated) << updated.error().describe();
  }
  Result<Kit> add_from_apt() { return add_debian_kit(release, {}, no_progress()); }

  Result<Kit> add() {
    write_debs();
    return add_again();
  }
  Result<Kit> add_again() { return add_debian_kit(release, {.deb_dir = debs()}, no_progress()); }

  std::string refusal() {
    const auto kit = add();
    EXPECT_FALSE(open_kit(release));
    return kit ? "made" : kit.error().describe();
  }

  void write_debs() {
    const auto headers = fmt::format("./usr/src/linux-headers-{}", release);
    write_deb(fmt::format("linux-image-{}", release), contents_.version,
              {{fmt::format("./boot/vmlinuz-{}", release), "kernel"},
               {fmt::format("./lib/modules/{}/kernel/README", release), "no modules"},
               {fmt::format("./lib/modules/{}/modules.order", release), ""},
               {fmt::format("./lib/modules/{}/modules.builtin", release), ""}});
    write_deb(fmt::format("linux-headers-{}", release), contents_.headers_version,
              {{headers + "/.config", contents_.config},
               {headers + "/Module.symvers", "0x00000000\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n"},
               {headers + "/include/generated/asm-offsets.h", contents_.header}});
    const auto source = pack(Kind::tar_xz, {{"linux-source-6.1/Makefile", contents_.makefile},
                                            {"linux-source-6.1/Documentation/index.rst", "words"}});
    write_deb("linux-source-6.1", contents_.version, {{"./usr/src/linux-source-6.1.tar.xz", source}});
  }

  fs::path debs() const { return directory_.path() / "debs"; }
  fs::path deb(const std::string& package, const std::string& version) const {
    return debs() / fmt::format("{}_{}_amd64.deb", package, version);
  }
  fs::path directory() const { return directory_.path(); }
  fs::path root() const { return directory_.path() / "cache/kits" / release; }

  Contents contents_;
  std::string compiler_;

 private:
  void write_deb(const std::string& package, const std::string& version, const std::vector<Member>& data) {
    const auto control = fmt::format("Package: {}\nVersion: {}\nArchitecture: amd64\n", package, version);
    ASSERT_TRUE(write_text(deb(package, version), make_deb(control, data)));
  }

  TempDir directory_ = std::move(*TempDir::make());
};

TEST_F(AddDebianKit, MakesAKitThatCanBeOpened) {
  const auto made = add();
  ASSERT_TRUE(made) << made.error().describe();
  const auto kit = open_kit(release);
  ASSERT_TRUE(kit) << kit.error().describe();
  EXPECT_EQ(kit->package_version, "6.1.187-1");
  EXPECT_EQ(kit->compiler, "gcc");
  EXPECT_EQ(*read_text(kit->vmlinuz()), "kernel");
  EXPECT_EQ(*read_text(kit->build() / ".config"), *read_text(kit->config()));
  EXPECT_EQ(*read_text(kit->build() / "Module.symvers"), *read_text(kit->symvers()));
  EXPECT_TRUE(fs::exists(kit->modules() / "modules.dep"));
  EXPECT_FALSE(fs::exists(kit->source() / "Documentation"));
  EXPECT_EQ(run(Command{.argv = {pahole_stand_in(*kit).string(), "--version"}})->output, "v1.24\n");
}

TEST_F(AddDebianKit, ASecondTimeFindsTheFirstKit) {
  const auto first = add();
  ASSERT_TRUE(first) << first.error().describe();
  fs::remove_all(debs());
  const auto second = add_again();
  ASSERT_TRUE(second) << second.error().describe();
  EXPECT_EQ(second->created, first->created);
}

TEST_F(AddDebianKit, TwoAtOnceMakeOneKit) {
  ASSERT_TRUE(add());
  ASSERT_TRUE(remove_kit(release));
  std::vector<bool> made(2);
  {
    std::vector<std::jthread> both;
    for (std::size_t i = 0; i < made.size(); ++i) both.emplace_back([&, i] { made[i] = add_again().has_value(); });
  }
  EXPECT_EQ(made, std::vector<bool>(2, true));
  EXPECT_TRUE(open_kit(release));
}

TEST_F(AddDebianKit, ReplacesWhatAnInterruptedRunLeft) {
  ASSERT_TRUE(make_directories(root() / "source"));
  ASSERT_TRUE(write_text(root() / "source/Makefile", "half a ma"));
  const auto kit = add();
  ASSERT_TRUE(kit) << kit.error().describe();
  EXPECT_EQ(*read_text(kit->source() / "Makefile"), contents_.makefile);
}

TEST_F(AddDebianKit, RefusesPackagesOfTwoVersions) {
  contents_.headers_version = "6.1.190-1";
  EXPECT_NE(refusal().find("linux-headers-6.1.0-53-amd64 version 6.1.187-1 is not offered; offered: 6.1.190-1"),
            std::string::npos);
}

TEST_F(AddDebianKit, RefusesAPackageThatIsAnotherInside) {
  ASSERT_TRUE(add());
  ASSERT_TRUE(remove_kit(release));
  fs::copy_file(deb("linux-source-6.1", "6.1.187-1"), deb("linux-image-6.1.0-53-amd64", "6.1.187-1"),
                fs::copy_options::overwrite_existing);
  const auto kit = add_again();
  ASSERT_FALSE(kit);
  EXPECT_NE(kit.error().describe().find("is the package linux-source-6.1 inside"), std::string::npos);
}

TEST_F(AddDebianKit, ADamagedSourceLeavesNothingBehind) {
  ASSERT_TRUE(add());
  ASSERT_TRUE(remove_kit(release));
  const auto path = deb("linux-source-6.1", "6.1.187-1");
  const auto whole = *read_text(path);
  ASSERT_TRUE(write_text(path, whole.substr(0, whole.size() - 150)));
  const auto kit = add_again();
  ASSERT_FALSE(kit);
  EXPECT_NE(kit.error().describe().find("linux-source-6.1_6.1.187-1_amd64.deb > data.tar.xz"), std::string::npos)
      << kit.error().describe();
  EXPECT_FALSE(fs::exists(root()));
}

TEST_F(AddDebianKit, WhoeverFinishesAKitSeesAllOfItAndMayRejectIt) {
  ASSERT_TRUE(add());
  ASSERT_TRUE(remove_kit(release));
  const auto reject = [&](const Kit& kit) -> Status {
    EXPECT_TRUE(fs::exists(kit.vmlinuz()) && fs::exists(kit.build() / ".config") && fs::exists(kit.cache()));
    EXPECT_FALSE(open_kit(release));
    return fail("vmlinuz: is no kernel");
  };
  const auto kit = add_debian_kit(release, {.deb_dir = debs(), .finish = reject}, no_progress());
  ASSERT_FALSE(kit);
  EXPECT_EQ(kit.error().message(), "vmlinuz: is no kernel");
  EXPECT_FALSE(fs::exists(root()));
}

TEST_F(AddDebianKit, NamesTheOptionThatComesOutDifferently) {
  contents_.makefile = "olddefconfig:\n\t@echo CONFIG_PAHOLE_VERSION=125 >>.config\n";
  const auto said = refusal();
  EXPECT_NE(said.find("CONFIG_PAHOLE_VERSION is 125 instead of 124"), std::string::npos) << said;
  EXPECT_FALSE(fs::exists(root()));
}

TEST_F(AddDebianKit, NamesTheGeneratedHeaderThatDiffers) {
  contents_.header = "#define OFFSET 16\n";
  const auto said = refusal();
  EXPECT_NE(said.find("generated headers differ from the shipped ones: include/generated/asm-offsets.h"),
            std::string::npos)
      << said;
}

TEST_F(AddDebianKit, RefusesAnotherCompilerThanTheKernels) {
  contents_.config = "CONFIG_CC_VERSION_TEXT=\"gcc (Debian 1.2.3-4) 1.2.3\"\n";
  const auto said = refusal();
  EXPECT_NE(said.find("the kernel was compiled by 'gcc (Debian 1.2.3-4) 1.2.3', but the installed gcc is"),
            std::string::npos)
      << said;
}

TEST_F(AddDebianKit, NamesThePackageOfAMissingCompiler) {
  contents_.config = "CONFIG_CC_VERSION_TEXT=\"gcc-99 (Debian 99.0) 99.0\"\n";
  const auto kit = add();
  ASSERT_FALSE(kit);
  EXPECT_EQ(kit.error().advice(), "Install it: apt-get install gcc-99");
}

TEST_F(AddDebianKit, RefusesACompilerThatIsNoGcc) {
  contents_.config = "CONFIG_CC_VERSION_TEXT=\"/bin/sh -c reboot\"\n";
  EXPECT_NE(refusal().find("only kernels compiled by GCC"), std::string::npos);
}

TEST_F(AddDebianKit, DownloadsFromAptAndKeepsThePackages) {
  if (!program_exists("apt-get")) GTEST_SKIP();
  write_debs();
  offer_by_apt();
  const auto first = add_from_apt();
  ASSERT_TRUE(first) << first.error().describe();

  // Old versions leave the archive; what was downloaded still serves.
  ASSERT_TRUE(remove_kit(release));
  for (const auto& entry : fs::directory_iterator(debs())) fs::remove(entry);
  offer_by_apt();
  const auto second = add_from_apt();
  ASSERT_TRUE(second) << second.error().describe();
}

TEST_F(AddDebianKit, FetchesADamagedDownloadAgain) {
  if (!program_exists("apt-get")) GTEST_SKIP();
  write_debs();
  offer_by_apt();
  ASSERT_TRUE(add_from_apt());
  ASSERT_TRUE(remove_kit(release));
  const auto kept = directory() / "cache/downloads/linux-image-6.1.0-53-amd64_6.1.187-1_amd64.deb";
  const auto whole = *read_text(kept);
  auto damaged = whole;
  damaged[damaged.size() - 100] ^= 1;
  ASSERT_TRUE(write_text(kept, damaged));
  const auto kit = add_from_apt();
  ASSERT_TRUE(kit) << kit.error().describe();
  EXPECT_EQ(*read_text(kept), whole);
}

TEST_F(AddDebianKit, WithoutAptListsAdvisesToGetThem) {
  if (!program_exists("apt-get")) GTEST_SKIP();
  const auto kit = add_from_apt();
  ASSERT_FALSE(kit);
  EXPECT_TRUE(kit.error().advice().starts_with("Run apt-get update")) << kit.error().advice();
}

TEST_F(AddDebianKit, AdvisesAReleaseThatIsComplete) {
  if (!program_exists("apt-get")) GTEST_SKIP();
  write_debs();
  offer_by_apt();
  const auto kit = add_debian_kit("6.1.0-52-amd64", {}, no_progress());
  ASSERT_FALSE(kit);
  EXPECT_EQ(kit.error().describe(), "no package linux-image-6.1.0-52-amd64 is offered");
  EXPECT_TRUE(kit.error().advice().ends_with("use a release that is complete: 6.1.0-53-amd64."))
      << kit.error().advice();
}

TEST_F(AddDebianKit, RefusesRealTimeKernelsAndOtherArchitectures) {
  EXPECT_FALSE(add_debian_kit("6.1.0-53-rt-amd64", {}, no_progress()));
  EXPECT_FALSE(add_debian_kit("6.1.0-53-arm64", {}, no_progress()));
}

}  // namespace
}  // namespace suture::kit
