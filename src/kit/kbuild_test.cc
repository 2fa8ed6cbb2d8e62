#include "kit/kbuild.h"

#include <gtest/gtest.h>

namespace suture::kit {
namespace {

Kit kit() {
  Kit kit{.release = "6.1.0-53-amd64", .package_version = "6.1.187-1", .compiler = "gcc-12", .root = "/c/kits/k"};
  return kit;
}

std::string value(const std::vector<std::string>& variables, const std::string& name) {
  for (const auto& variable : variables) {
    if (variable.starts_with(name + "=")) return variable.substr(name.size() + 1);
  }
  return "(none)";
}

constexpr auto identity =
    "#define UTS_MACHINE\t\t\"x86_64\"\n#define LINUX_COMPILE_BY\t\"debian-kernel\"\n"
    "#define LINUX_COMPILE_HOST\t\"lists.debian.org\"\n"
    "#define UTS_VERSION \"#1 SMP PREEMPT_DYNAMIC Debian 6.1.187-1 (2026-09-07)\"\n";

TEST(MakeVariables, SayWhoBuiltTheShippedKernelAndWhen) {
  const auto config = *KernelConfig::parse("CONFIG_SMP=y\n", "config");
  const auto variables = make_variables(kit(), config, identity);
  EXPECT_EQ(value(variables, "KERNELRELEASE"), "6.1.0-53-amd64");
  EXPECT_EQ(value(variables, "CC"), "gcc-12");
  EXPECT_EQ(value(variables, "DISTRIBUTION_VERSION"), "6.1.187-1");
  EXPECT_EQ(value(variables, "KBUILD_BUILD_USER"), "debian-kernel");
  EXPECT_EQ(value(variables, "KBUILD_BUILD_HOST"), "lists.debian.org");
  EXPECT_EQ(value(variables, "KBUILD_BUILD_VERSION"), "1");
  EXPECT_EQ(value(variables, "KBUILD_BUILD_VERSION_TIMESTAMP"), "Debian 6.1.187-1 (2026-09-07)");
}

TEST(MakeVariables, LeaveOutWhatAShellWouldRun) {
  const auto config = *KernelConfig::parse("CONFIG_SMP=y\n", "config");
  const auto variables = make_variables(kit(), config, "#define LINUX_COMPILE_BY \"$(shell reboot)\"\n");
  EXPECT_EQ(value(variables, "KBUILD_BUILD_USER"), "(none)");
}

TEST(Kbuild, PassesTheVariablesAndNothingOfOurEnvironment) {
  auto with_variables = kit();
  with_variables.make_variables = {"ARCH=x86", "CC=gcc-12"};
  const auto command = kbuild(with_variables, {"modules_prepare"});
  const std::vector<std::string> expected{"ARCH=x86", "CC=gcc-12", "modules_prepare"};
  ASSERT_GE(command.argv.size(), expected.size());
  EXPECT_TRUE(std::equal(expected.rbegin(), expected.rend(), command.argv.rbegin()));
  EXPECT_FALSE(command.inherit_environment);
}

}  // namespace
}  // namespace suture::kit
