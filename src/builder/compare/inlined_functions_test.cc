#include "builder/compare/inlined_functions.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/process.h"

namespace suture::builder {
namespace {

Bytes compiled(const std::string& text, const std::string& debug) {
  const auto directory = TempDir::make();
  const auto source = directory->path() / "a.c";
  const auto object = directory->path() / "a.o";
  EXPECT_TRUE(write_text(source, text));
  const auto done =
      run_checked({.argv = {"gcc", "-O2", debug, "-ffunction-sections", "-c", source.string(), "-o", object.string()}});
  EXPECT_TRUE(done) << done.error().describe();
  return *read_file(object);
}

const std::string square_in_area_in_both =
    "static inline int square(int a) { return a * a + 3; }\n"
    "static inline int area(int a)\n"
    "{\n"
    "\treturn square(a) + 1;\n"
    "}\n"
    "int both(int a) { return area(a) + area(a + 1); }\n"
    "int none(int a) { return a; }\n";

TEST(InlinedFunctions, AreKnownThroughOthersThatWereInlinedToo) {
  const auto inlined = read_inlined_functions(compiled(square_in_area_in_both, "-g1"), "a.o");
  ASSERT_TRUE(inlined) << inlined.error().describe();
  std::vector<std::string> names;
  for (const auto& function : inlined->at("both")) {
    names.push_back(fmt::format("{}:{}", function.name, function.line));
    EXPECT_EQ(fs::path(function.file).filename(), "a.c");
  }
  EXPECT_EQ(names, (std::vector<std::string>{"area:2", "square:1"}));
  EXPECT_TRUE(inlined->at("none").empty());
  EXPECT_FALSE(inlined->contains("square"));
}

TEST(InlinedFunctions, AreNoneWithoutDebugInformation) {
  const auto inlined = read_inlined_functions(compiled(square_in_area_in_both, "-g0"), "a.o");
  ASSERT_TRUE(inlined) << inlined.error().describe();
  EXPECT_TRUE(inlined->empty());
}

TEST(InlinedFunctions, AreKnownOfAFunctionThatTheCompilerSpecialised) {
  const auto inlined = read_inlined_functions(
      compiled("static inline int square(int a) { return a * a + 3; }\n"
               "static __attribute__((noinline)) int power(int a, int times) { int r = 0; while (times--) r += "
               "square(a + r); return r; }\n"
               "int f(int a) { return power(a, 7); }\n",
               "-g1"),
      "a.o");
  ASSERT_TRUE(inlined) << inlined.error().describe();
  EXPECT_EQ(inlined->at("power").begin()->name, "square");
}

TEST(InlinedFunctions, OfWhatIsNoObjectAreAnErrorThatNamesIt) {
  const Bytes bytes{1, 2, 3};
  const auto inlined = read_inlined_functions(bytes, "a.o");
  ASSERT_FALSE(inlined);
  EXPECT_NE(inlined.error().message().find("a.o: debug information"), std::string::npos) << inlined.error().message();
}

}  // namespace
}  // namespace suture::builder
