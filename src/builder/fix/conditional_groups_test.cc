#include "builder/fix/conditional_groups.h"

#include <gtest/gtest.h>

namespace suture::builder {
namespace {

TEST(ConditionalGroups, ThatAFixChangesAreNamedByTheirDirective) {
  const auto changes = changed_groups("int a;\n#ifdef CONFIG_A\nint b;\n#else\nint c;\n#endif\n",
                                      "int a;\n#ifdef CONFIG_A\nint b;\n#else\nint c, d;\n#endif\n");
  ASSERT_EQ(changes.groups.size(), 1U);
  EXPECT_EQ(changes.groups[0].line, 5U);
  EXPECT_EQ(changes.groups[0].directive, "#else");
  EXPECT_FALSE(changes.elsewhere);
}

TEST(ConditionalGroups, AroundOneThatChangesDoNot) {
  const auto changes = changed_groups("#if A\nint a;\n#if B && \\\n    C\nint b;\n#endif\n#endif\nint c;\n",
                                      "#if A\nint a;\n#if B && \\\n    C\nint bb;\n#endif\n#endif\nint cc;\n");
  ASSERT_EQ(changes.groups.size(), 1U);
  EXPECT_EQ(changes.groups[0].line, 5U);
  EXPECT_TRUE(changes.elsewhere);
}

TEST(ConditionalGroups, OfOneDirectiveAreToldApartByTheirOrder) {
  const auto changes = changed_groups("#if A\nint a;\n#endif\n#if A\nint b;\n#endif\n",
                                      "#if A\nint a;\n#endif\n#if A\nint bb;\n#endif\n");
  ASSERT_EQ(changes.groups.size(), 1U);
  EXPECT_EQ(changes.groups[0].line, 5U);
}

TEST(ConditionalGroups, InACommentAreNone) {
  EXPECT_TRUE(changed_groups("/*\n#if A\na\n#endif\n*/\n", "/*\n#if A\nb\n#endif\n*/\n").groups.empty());
}

TEST(ConditionalGroups, ThatTheFixTakesAwayCountAsElsewhere) {
  EXPECT_TRUE(changed_groups("#if A\nint a;\n#endif\n", "").elsewhere);
}

}  // namespace
}  // namespace suture::builder
