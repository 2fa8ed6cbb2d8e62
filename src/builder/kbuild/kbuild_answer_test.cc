#include "builder/kbuild/kbuild_answer.h"

#include <gtest/gtest.h>

namespace suture::builder {
namespace {

TEST(KbuildAnswer, AnObjectOfTheKernelItself) {
  const auto objects = parse_objects(
      "  HOSTCC  lib/gen_crc32table\n"
      "suture-object|fs/proc/cmdline.o|fs/proc/cmdline.o|||fs/proc|proc|||gcc-12 -DX='\"a|b\"' -c -o fs/proc/cmdline.o "
      "/src/fs/proc/cmdline.c   ; ./tools/objtool/objtool --orc   fs/proc/cmdline.o\n");
  ASSERT_TRUE(objects) << objects.error().describe();
  ASSERT_EQ(objects->size(), 1U);
  const auto& object = objects->front();
  EXPECT_EQ(object.target, "fs/proc/cmdline.o");
  EXPECT_TRUE(object.in_vmlinux);
  EXPECT_TRUE(object.modules.empty());
  EXPECT_EQ(object.compile, (std::vector<std::string>{"gcc-12", "-DX=\"a|b\"", "-c", "-o", "fs/proc/cmdline.o",
                                                      "/src/fs/proc/cmdline.c"}));
  EXPECT_EQ(object.objtool, (std::vector<std::string>{"./tools/objtool/objtool", "--orc", "fs/proc/cmdline.o"}));
}

TEST(KbuildAnswer, AnObjectIsInEveryModuleThatNamesIt) {
  const auto objects = parse_objects(
      "suture-object|net/x/a.o|||net/x/a.o|net/x|one three two|net/x/one.o net/x/two.o||gcc -c -o net/x/a.o a.c\n"
      "suture-object|net/x/b.o|||net/x/b.o|net/x||net/x/one.o net/x/two.o||gcc -c -o net/x/b.o b.c\n");
  ASSERT_TRUE(objects) << objects.error().describe();
  ASSERT_EQ(objects->size(), 2U);
  EXPECT_EQ((*objects)[0].modules, (std::vector<std::string>{"net/x/one", "net/x/two"}));
  EXPECT_EQ((*objects)[1].modules, (std::vector<std::string>{"net/x/b"}));
  EXPECT_FALSE((*objects)[1].in_vmlinux);
  EXPECT_TRUE((*objects)[1].objtool.empty());
}

TEST(KbuildAnswer, DelayedObjtoolRunsOnWhatIsLinkedWithOthers) {
  const auto objects = parse_objects(
      "suture-object|a.o|a.o|||.|||./objtool --link  a.o|gcc -c -o a.o a.c\n"
      "suture-object|b.o|||b.o|.|both|./both.o|./objtool --link --module b.o|gcc -c -o b.o b.c\n"
      "suture-object|c.o|||c.o|.|||./objtool --link --module c.o|gcc -c -o c.o c.c; ./objtool c.o\n"
      "suture-object|d.o|||d.o|.|||./objtool --link --module d.o|gcc -c -o d.o d.c\n");
  ASSERT_TRUE(objects) << objects.error().describe();
  EXPECT_EQ((*objects)[0].objtool, (std::vector<std::string>{"./objtool", "--link", "a.o"}));
  EXPECT_EQ((*objects)[1].objtool, (std::vector<std::string>{"./objtool", "--link", "--module", "b.o"}));
  EXPECT_EQ((*objects)[2].objtool, (std::vector<std::string>{"./objtool", "c.o"}));
  EXPECT_TRUE((*objects)[3].objtool.empty()) << "a module of one object, which kbuild leaves out";
}

TEST(KbuildAnswer, AnObjectThatNothingListsIsNotUsed) {
  const auto objects = parse_objects("suture-object|a/b.o||||a||||gcc -c -o a/b.o b.c\n");
  ASSERT_TRUE(objects) << objects.error().describe();
  EXPECT_FALSE(objects->front().is_used());
}

TEST(KbuildAnswer, CommandsThatWeDoNotKnowAreErrors) {
  EXPECT_FALSE(parse_objects("suture-object|a.o|a.o|||||||gcc -c a.c | tee log\n"));
  EXPECT_FALSE(parse_objects("suture-object|a.o|a.o|||||||gcc -c a.c ; objtool a.o ; strip a.o\n"));
  EXPECT_FALSE(parse_objects("suture-object|a.o|a.o|||||||\n"));
  EXPECT_FALSE(parse_objects("suture-object|a.o|a.o\n"));
}

TEST(KbuildAnswer, BorrowedObjectsAreListedByDirectory) {
  EXPECT_EQ(parse_borrowed("suture-borrowed|\nsuture-borrowed|a/../b/c.o  a/../d.o \nsuture-borrowed| e/../f.o\n"),
            (std::vector<std::string>{"a/../b/c.o", "a/../d.o", "e/../f.o"}));
}

TEST(KbuildAnswer, OnlyAMissingRuleIsNoAnswer) {
  EXPECT_TRUE(check_no_rule("make[1]: *** No rule to make target 'a/b.o'.\n", "a/b.o"));
  const auto broken = check_no_rule("make: *** [Makefile:3: a/gen.h] Error 127\n", "a/b.o");
  ASSERT_FALSE(broken);
  EXPECT_NE(broken.error().describe().find("a/gen.h"), std::string::npos);
}

}  // namespace
}  // namespace suture::builder
