#include "builder/sources/includers.h"

#include <gtest/gtest.h>

#include "builder/sources/include_scan.h"

namespace suture::builder {
namespace {

using Names = std::vector<std::string>;

TEST(IncludeScan, FindsEveryFormOfInclude) {
  const auto found = scan_includes(
      "#include <linux/a.h>\n  #  include \"b.h\" /* why */\r\n#include\t<c.h>\n#if 0\n#include <d.h>\n#endif\n"
      "#define FILE_NAME <linux/e.h>\n#define NOT_A_FILE <5>\n#include MACRO\nx # include <no.h>\n#include <open\n"
      "#include \"last.h\"");
  EXPECT_EQ(Names(found.begin(), found.end()),
            (Names{"<linux/a.h>", "\"b.h\"", "<c.h>", "<d.h>", "<linux/e.h>", "\"last.h\""}));
}

Includers tree() {
  return Includers::make({
      {"arch/x86/entry/entry.S", {"<asm/unistd.h>"}},
      {"build:arch/x86/include/generated/asm/bug.h", {"<asm-generic/bug.h>"}},
      {"drivers/x/internal.h", {"<linux/a.h>"}},
      {"drivers/x/main.c", {"\"internal.h\""}},
      {"drivers/y/internal.h", {}},
      {"drivers/y/main.c", {"\"internal.h\"", "<shared/z.h>"}},
      {"drivers/y/part.c", {"\"../x/internal.h\""}},
      {"drivers/y/whole.c", {"\"part.c\""}},
      {"drivers/z/include/shared/z.h", {"<asm/bug.h>"}},
      {"include/asm-generic/bug.h", {}},
      {"include/linux/a.h", {"<asm/unistd.h>"}},
      {"include/uapi/linux/a.h", {}},
      {"arch/x86/include/asm/unistd.h", {}},
  });
}

TEST(Includers, AQuotedNameMeansTheFileBesideTheIncluder) {
  EXPECT_EQ(tree().sources_reaching("drivers/y/internal.h"), Names{"drivers/y/main.c"});
  EXPECT_EQ(tree().sources_reaching("drivers/x/internal.h"),
            (Names{"drivers/x/main.c", "drivers/y/part.c", "drivers/y/whole.c"}));
}

TEST(Includers, ANameMeansTheFirstOfTheStandardDirectories) {
  EXPECT_EQ(tree().sources_reaching("include/uapi/linux/a.h"), Names{});
  EXPECT_EQ(tree().sources_reaching("include/linux/a.h").size(), 3U);
}

TEST(Includers, GeneratedHeadersLeadOn) {
  EXPECT_EQ(tree().sources_reaching("include/asm-generic/bug.h"), Names{"drivers/y/main.c"});
}

TEST(Includers, DirectoriesThatOnlyMakefilesKnowAreAllPossible) {
  EXPECT_EQ(tree().sources_reaching("drivers/z/include/shared/z.h"), Names{"drivers/y/main.c"});
}

TEST(Includers, AssemblyAndIncludedSourcesCount) {
  EXPECT_EQ(tree().sources_reaching("arch/x86/include/asm/unistd.h"),
            (Names{"arch/x86/entry/entry.S", "drivers/x/main.c", "drivers/y/part.c", "drivers/y/whole.c"}));
  EXPECT_EQ(tree().sources_reaching("drivers/y/part.c"), Names{"drivers/y/whole.c"});
}

TEST(Includers, CirclesEnd) {
  const auto circle = Includers::make({{"a.h", {"\"b.h\""}}, {"b.h", {"\"a.h\""}}, {"c.c", {"\"a.h\""}}});
  EXPECT_EQ(circle.sources_reaching("b.h"), Names{"c.c"});
}

TEST(Includers, WhatIsWrittenReadsBack) {
  const auto text = tree().serialize();
  const auto read = Includers::parse(text, "includers");
  ASSERT_TRUE(read) << read.error().describe();
  EXPECT_EQ(read->serialize(), text);
  EXPECT_EQ(read->sources_reaching("include/linux/a.h"), tree().sources_reaching("include/linux/a.h"));
}

TEST(Includers, DamageIsNoticed) {
  const auto text = tree().serialize();
  for (std::size_t at = 0; at < text.size(); ++at) {
    auto bad = text;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    EXPECT_FALSE(Includers::parse(bad, "includers")) << at;
    EXPECT_FALSE(Includers::parse(std::string_view(text).substr(0, at), "includers")) << at;
  }
}

}  // namespace
}  // namespace suture::builder
