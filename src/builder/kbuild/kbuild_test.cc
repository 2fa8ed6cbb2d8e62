#include "builder/kbuild/kbuild.h"

#include <algorithm>

#include "builder/testing/tiny_kernel.h"

namespace suture::builder {
namespace {

class Kbuild : public testing::TinyKernel {
 protected:
  std::vector<std::vector<KbuildObject>> ask(const std::vector<std::string>& sources) {
    auto answers = ask_kbuild(kit_, sources);
    EXPECT_TRUE(answers) << answers.error().describe();
    return answers ? *answers : std::vector<std::vector<KbuildObject>>(sources.size());
  }
};

TEST_F(Kbuild, TellsWhatAFileBecomesAPartOf) {
  source("Makefile", *read_text(kit_.source() / "Makefile") + "obj-y := fs/ net/\n");
  source("fs/Makefile", "obj-y := a.o\nccflags-y := -DFS\n");
  source("fs/a.c", "int a;\n");
  source("fs/unused.c", "int unused;\n");
  source("net/Makefile", "obj-m := one.o two.o\ntwo-y := b.o c.o\n");
  for (const char* file : {"net/one.c", "net/b.c", "net/c.c"}) source(file, "int x;\n");

  const auto answers = ask({"fs/a.c", "fs/unused.c", "net/one.c", "net/c.c", "nowhere/d.c"});
  ASSERT_EQ(answers[0].size(), 1U);
  EXPECT_TRUE(answers[0][0].in_vmlinux);
  EXPECT_EQ(answers[0][0].target, "fs/a.o");
  EXPECT_NE(std::ranges::find(answers[0][0].compile, "-DFS"), answers[0][0].compile.end());
  ASSERT_EQ(answers[1].size(), 1U);
  EXPECT_FALSE(answers[1][0].is_used());
  ASSERT_EQ(answers[2].size(), 1U);
  EXPECT_EQ(answers[2][0].modules, std::vector<std::string>{"net/one"});
  ASSERT_EQ(answers[3].size(), 1U);
  EXPECT_EQ(answers[3][0].modules, std::vector<std::string>{"net/two"});
  EXPECT_TRUE(answers[4].empty());
  // Nothing was compiled.
  EXPECT_FALSE(fs::exists(kit_.build() / "fs/a.o"));
}

TEST_F(Kbuild, FindsSourcesThatAnotherDirectoryCompiles) {
  source("Makefile", *read_text(kit_.source() / "Makefile") + "obj-y := kvm/\n");
  source("kvm/Makefile", "obj-m := kvm.o\nkvm-y := ../virt/main.o own.o\n");
  source("kvm/own.c", "int own;\n");
  source("virt/main.c", "int main_;\n");
  const auto answers = ask({"virt/main.c"});
  ASSERT_EQ(answers[0].size(), 1U);
  EXPECT_EQ(answers[0][0].target, "kvm/../virt/main.o");
  EXPECT_EQ(answers[0][0].source, "virt/main.c");
  EXPECT_EQ(answers[0][0].modules, std::vector<std::string>{"kvm/kvm"});
}

// As drivers/Makefile does with input/ and input/serio/: both makefiles have a rule that fits.
TEST_F(Kbuild, FollowsAMakefileThatGoesDownTwoDirectoriesAtOnce) {
  source("Makefile", *read_text(kit_.source() / "Makefile") + "obj-y := input/ input/serio/\n");
  source("input/Makefile", "obj-y := input.o\n");
  source("input/serio/Makefile", "obj-m := serio.o\nccflags-y := -DSERIO\n");
  for (const char* file : {"input/input.c", "input/serio/serio.c"}) source(file, "int x;\n");
  const auto answers = ask({"input/serio/serio.c"});
  ASSERT_EQ(answers[0].size(), 1U);
  EXPECT_EQ(answers[0][0].modules, std::vector<std::string>{"input/serio/serio"});
  EXPECT_NE(std::ranges::find(answers[0][0].compile, "-DSERIO"), answers[0][0].compile.end());
}

TEST_F(Kbuild, AnswersAreKept) {
  source("Makefile", *read_text(kit_.source() / "Makefile") + "obj-y := fs/\n");
  source("fs/Makefile", "obj-y := a.o\n");
  source("fs/a.c", "int a;\n");
  ASSERT_EQ(ask({"fs/a.c"})[0].size(), 1U);
  ASSERT_TRUE(remove_tree(kit_.source() / "scripts"));
  EXPECT_EQ(ask({"fs/a.c"})[0].size(), 1U);
}

TEST_F(Kbuild, ADamagedAnswerIsAskedForAgain) {
  source("Makefile", *read_text(kit_.source() / "Makefile") + "obj-y := fs/\n");
  source("fs/Makefile", "obj-y := a.o\n");
  source("fs/a.c", "int a;\n");
  ask({"fs/a.c"});
  for (const auto& entry : fs::directory_iterator(kit_.cache() / "kbuild"))
    ASSERT_TRUE(write_text(entry.path(), "{", Sync::no));
  EXPECT_EQ(ask({"fs/a.c"})[0].size(), 1U);
}

TEST_F(Kbuild, ABrokenMakefileIsAnErrorThatQuotesMake) {
  source("Makefile", *read_text(kit_.source() / "Makefile") + "obj-y := fs/\n");
  source("fs/Makefile", "obj-y := a.o\n$(error out of order)\n");
  source("fs/a.c", "int a;\n");
  const auto answers = ask_kbuild(kit_, {"fs/a.c"});
  ASSERT_FALSE(answers);
  EXPECT_NE(answers.error().describe().find("out of order"), std::string::npos) << answers.error().describe();
}

}  // namespace
}  // namespace suture::builder
