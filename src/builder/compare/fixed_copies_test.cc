#include "builder/compare/fixed_copies.h"

#include <gtest/gtest.h>

namespace suture::builder {
namespace {

const std::string header =
    "static inline int one(void) { return 1; }\n"
    "static inline int two(int a)\n"
    "{\n"
    "\treturn a;\n"
    "}\n"
    "static inline int three(int a)\n"
    "{\n"
    "\treturn 3;\n"
    "}\n";
constexpr std::uint64_t one = 1, two = 2, three = 6;

std::string with(const std::string& what, const std::string& instead) {
  auto text = header;
  return text.replace(text.find(what), what.size(), instead);
}

TEST(FixedCopies, AreOfTheFunctionThatTheFixChangesAndNoOther) {
  const auto patched = with("\treturn a;", "\treturn a + 1;");
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

}  // namespace
}  // namespace suture::builder
