#include "builder/kbuild/shell_words.h"

#include <gtest/gtest.h>

namespace suture::builder {
namespace {

using Commands = std::vector<std::vector<std::string>>;

TEST(ShellWords, SplitsWhatKbuildWrites) {
  const auto commands = split_commands(
      R"(gcc-12 -I /src/net   -DKBUILD_MODFILE='"net/ipv4/tcp"' -c -o a.o a.c   ; ./objtool --orc  a.o)");
  ASSERT_TRUE(commands) << commands.error().describe();
  EXPECT_EQ(*commands,
            (Commands{{"gcc-12", "-I", "/src/net", "-DKBUILD_MODFILE=\"net/ipv4/tcp\"", "-c", "-o", "a.o", "a.c"},
                      {"./objtool", "--orc", "a.o"}}));
}

TEST(ShellWords, KnowsQuotes) {
  const auto commands = split_commands(R"('' a\ b "c\"\d" 'e'"f" ;; )");
  ASSERT_TRUE(commands) << commands.error().describe();
  EXPECT_EQ(*commands, (Commands{{"", "a b", "c\"\\d", "ef"}}));
}

TEST(ShellWords, NothingIsNoCommand) { EXPECT_EQ(*split_commands(" ; "), Commands{}); }

TEST(ShellWords, RefusesWhatOnlyAShellCanDo) {
  for (const char* line : {"a | b", "a && b", "a > b", "a $(b)", "a `b`", "a *.c", "a \"$b\"", "{ a; }"})
    EXPECT_FALSE(split_commands(line)) << line;
  EXPECT_FALSE(split_commands("a 'b"));
  EXPECT_FALSE(split_commands("a \\"));
}

}  // namespace
}  // namespace suture::builder
