#include "builder/compile/expanded_text.h"

#include <gtest/gtest.h>

namespace suture::builder {
namespace {

std::string digest(std::string_view text) {
  return digest_of_expanded(text, [](std::string_view file) {
    constexpr std::string_view ours = "/tmp/tree/";
    return std::string(file.starts_with(ours) ? file.substr(ours.size()) : file);
  });
}

TEST(ExpandedText, IsTheSameFromAnotherTree) {
  EXPECT_EQ(digest("# 1 \"/tmp/tree/fs/a.c\"\nint a;\n"), digest("# 1 \"fs/a.c\"\nint a;\n"));
}

TEST(ExpandedText, IsTheSameHoweverLinesAreCounted) {
  EXPECT_EQ(digest("# 1 \"a.c\"\nint a;\n\n\n\nint b;\n"), digest("# 1 \"a.c\"\nint a;\n# 5 \"a.c\" 2\nint b;\n"));
}

TEST(ExpandedText, DiffersByAToken) {
  EXPECT_NE(digest("# 1 \"a.c\"\nint a;\n"), digest("# 1 \"a.c\"\nint b;\n"));
}

TEST(ExpandedText, DiffersByTheLineThatATokenIsIn) {
  EXPECT_NE(digest("# 1 \"a.c\"\nint a;\n"), digest("# 2 \"a.c\"\nint a;\n"));
  EXPECT_NE(digest("# 1 \"a.c\"\nint a;\n"), digest("# 1 \"b.c\"\nint a;\n"));
}

TEST(ExpandedText, TakesADirectiveForText) {
  EXPECT_NE(digest("# 1 \"a.c\"\n#pragma pack(1)\nint a;\n"), digest("# 1 \"a.c\"\n\nint a;\n"));
}

}  // namespace
}  // namespace suture::builder
