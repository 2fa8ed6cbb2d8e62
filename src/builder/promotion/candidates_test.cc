#include "builder/promotion/candidates.h"

#include "patch/testing/emit_case.h"

namespace suture::builder {
namespace {

using Files = std::vector<std::string>;

/// A module of these functions, in this order.
image::ShippedModule module_of(const std::vector<std::string>& functions) {
  patch::emitter::ShippedBuilder builder;
  const auto code = patch::emitter::add_section(builder.object, ".text.more", SHF_EXECINSTR, 16 * functions.size(), 16);
  for (std::size_t i = 0; i < functions.size(); ++i)
    builder.object.add(
        elf::Symbol{.name = functions[i], .value = 16 * i, .size = 16, .section = code, .type = STT_FUNC});
  return builder.build("a_module");
}

Files candidates(const std::vector<std::string>& functions, const std::string& function) {
  const auto definitions = Definitions::make(
      {{"a.c", {"probe", "a_only"}}, {"b.c", {"probe", "b_only"}}, {"part.c", {"inner"}}, {"whole.c", {}}});
  const auto includers = Includers::make({{"part.c", {}}, {"whole.c", {"\"part.c\""}}});
  const auto module = module_of(functions);
  return Candidates(definitions, includers).of(module, module.object().find_symbol(function));
}

TEST(Candidates, OfNamesakesTheOneBesideItsFilesOtherFunctions) {
  EXPECT_EQ(candidates({"b_only", "probe"}, "probe").front(), "b.c");
  EXPECT_EQ(candidates({"probe", "a_only"}, "probe").front(), "a.c");
}

TEST(Candidates, OfAFunctionThatAMacroMadeItsNeighbours) {
  std::vector<std::string> functions(100);
  for (std::size_t i = 0; i < functions.size(); ++i) functions[i] = fmt::format("made_by_a_macro_{}", i);
  functions.push_back("a_only");
  EXPECT_EQ(candidates(functions, "made_by_a_macro_3"), Files{"a.c"});
}

TEST(Candidates, OfAFileThatOthersIncludeThoseToo) {
  EXPECT_EQ(candidates({"inner"}, "inner"), (Files{"part.c", "whole.c"}));
}

}  // namespace
}  // namespace suture::builder
