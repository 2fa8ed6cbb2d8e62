#include "builder/kbuild/dependencies.h"

#include <gtest/gtest.h>

namespace suture::builder {
namespace {

TEST(Dependencies, AreReadAcrossContinuedLines) {
  const auto files = parse_dependencies("a.o: /src/a.c /src/b.h \\\n include/c.h \\\n  d.h\n\n/src/b.h:\n", "a.d");
  ASSERT_TRUE(files) << files.error().describe();
  EXPECT_EQ(*files, (std::vector<std::string>{"/src/a.c", "/src/b.h", "include/c.h", "d.h"}));
}

TEST(Dependencies, UnusualNamesAreUnescaped) {
  const auto files = parse_dependencies("a.o: my\\ dir/a.c b$$.h c\\#.h\n", "a.d");
  ASSERT_TRUE(files) << files.error().describe();
  EXPECT_EQ(*files, (std::vector<std::string>{"my dir/a.c", "b$.h", "c#.h"}));
}

TEST(Dependencies, ATruncatedFileIsAnError) {
  EXPECT_FALSE(parse_dependencies("", "a.d"));
  EXPECT_FALSE(parse_dependencies("a.o:", "a.d"));
  EXPECT_FALSE(parse_dependencies("a.o: \n", "a.d"));
}

}  // namespace
}  // namespace suture::builder
