#include "builder/compare/fixed_copies.h"

#include "builder/testing/tiny_kernel.h"

namespace suture::builder {
namespace {

const std::string header =
    "static inline int one(void) { return 1; }\n"
    "static inline int two(int a)\n"
    "{\n"
    "\treturn a * a + 5;\n"
    "}\n"
    "static inline int three(int a)\n"
    "{\n"
    "\treturn a * a + 3;\n"
    "}\n";
constexpr std::uint64_t one = 1, two = 2, three = 6;

std::string with(const std::string& what, const std::string& instead) {
  auto text = header;
  return text.replace(text.find(what), what.size(), instead);
}

TEST(FixedCopies, AreOfTheFunctionThatTheFixChangesAndNoOther) {
  const auto patched = with("a + 5", "a + 6");
  EXPECT_FALSE(changes_function(header, patched, one));
  EXPECT_TRUE(changes_function(header, patched, two));
  EXPECT_FALSE(changes_function(header, patched, three));
}

TEST(FixedCopies, AreNotOfAFunctionThatOnlyMoved) {
  const auto patched = "#include <linux/types.h>\n\n" + header;
  for (const auto line : {one, two, three}) EXPECT_FALSE(changes_function(header, patched, line));
}

TEST(FixedCopies, AreOfAFunctionOnOneLine) {
  const auto patched = with("return 1;", "return 11;");
  EXPECT_TRUE(changes_function(header, patched, one));
  EXPECT_FALSE(changes_function(header, patched, two));
}

TEST(FixedCopies, AreOfAFunctionThatIsRemoved) {
  EXPECT_TRUE(changes_function(header, with("static inline int one(void) { return 1; }\n", ""), one));
}

TEST(FixedCopies, AreOfNothingBehindTheEnd) { EXPECT_FALSE(changes_function(header, header, 1000)); }

class InlinedHeader : public testing::TinyKernel {};

TEST_F(InlinedHeader, IsNamedInTheFunctionsThatHaveACopyOfIt) {
  source("Makefile", *read_text(kit_.source() / "Makefile") + "obj-y := fs/\n");
  source("include/linux/a.h", header);
  source("fs/Makefile", "obj-y := main.o\n");
  source(
      "fs/main.c",
      "#include <linux/a.h>\nint with_two(int a) { return two(a) * 7; }\nint with_three(int a) { return three(a); }\n");
  const auto compiler = Compiler::open(kit_);
  const auto objects = ask_kbuild(kit_, {"fs/main.c"});
  ASSERT_TRUE(compiler && objects);
  const std::vector<PatchedFile> fix{
      {.path = "include/linux/a.h", .original = header, .patched = with("a + 5", "a + 6")}};
  const auto copies = find_fixed_copies(*compiler, objects->front().front(), fix);
  ASSERT_TRUE(copies) << copies.error().describe();
  ASSERT_EQ(copies->size(), 1U);
  ASSERT_EQ(copies->at("with_two").size(), 1U);
  EXPECT_EQ(copies->at("with_two").front().function, "two");
  EXPECT_EQ(copies->at("with_two").front().place, "include/linux/a.h:2");
}

}  // namespace
}  // namespace suture::builder
