#include "patch/emit/author.h"

#include "patch/emit/scaffold.h"
#include "patch/emit/scaffold/suture_tables.h"
#include "patch/testing/emit_case.h"

namespace suture::patch::emitter {
namespace {

class Author : public EmitCase {
 protected:
  /// SUTURE_PRE_PATCH(NAME) and its like.
  static void callback(UnitBuilder& u, const std::string& kind, const std::string& name) {
    u.function(name, "");
    const auto section = add_section(u.delta.object, ".suture." + kind, 0, 8, 8);
    u.refer(section, 0, u.delta.functions.back().symbol, R_X86_64_64, 0);
  }
  static void state(UnitBuilder& u, std::uint64_t id, std::uint32_t version) {
    const auto section = add_section(u.delta.object, ".suture.states", 0, sizeof(suture_state), 8);
    store_le(std::span(u.delta.object.sections[section].data), offsetof(suture_state, id), id);
    store_le(std::span(u.delta.object.sections[section].data), offsetof(suture_state, version), version);
  }
  UnitBuilder& vmlinux_fix(const std::string& source = "fs/a.c", const std::string& original = "a_shipped_function") {
    auto& u = unit(source);
    u.function("f", original);
    return u;
  }
};

TEST_F(Author, CallbacksOfVmlinuxAreLivepatchsOwn) {
  auto& u = vmlinux_fix();
  callback(u, "pre_patch", "before");
  callback(u, "post_unpatch", "after");
  const auto object = module();
  const auto& data = section_named(object, ".data");
  EXPECT_EQ(leads(object, data, kernel.layouts.klp_object.pre_patch), "before+0");
  EXPECT_EQ(leads(object, data, kernel.layouts.klp_object.post_patch), "nowhere");
  EXPECT_EQ(leads(object, data, kernel.layouts.klp_object.post_unpatch), "after+0");
}

TEST_F(Author, CallbacksOfAModuleAreCalledAroundTheScaffolds) {
  shipped("a_module", {});
  auto& u = unit("drivers/a.c", "a_module");
  u.function("g", "a_function");
  callback(u, "pre_patch", "before");
  callback(u, "post_patch", "then");
  callback(u, "post_unpatch", "after");
  const auto object = module();
  const auto& data = section_named(object, ".data");
  EXPECT_EQ(leads(object, data, kernel.layouts.klp_object.pre_patch), "suture_enter_target+0");
  EXPECT_EQ(leads(object, data, kernel.layouts.klp_object.post_patch), "then+0");
  EXPECT_EQ(leads(object, data, kernel.layouts.klp_object.post_unpatch), "suture_leave_target+0");
  EXPECT_EQ(leads(object, "suture_targets", offsetof(suture_target, pre_patch)), "before+0");
  EXPECT_EQ(leads(object, "suture_targets", offsetof(suture_target, post_unpatch)), "after+0");
}

TEST_F(Author, StatesBecomeAnArrayThatEndsWithZero) {
  auto& u = vmlinux_fix();
  state(u, 7, 2);
  state(u, 3, 1);
  const auto object = module();
  const auto states = leads(object, "suture_patch", kernel.layouts.klp_patch.states);
  ASSERT_TRUE(states.starts_with(".data+")) << states;
  const auto at = std::stoul(states.substr(6));
  const auto& data = section_named(object, ".data").data;
  EXPECT_EQ(load_le<std::uint64_t>(data, at), 7U);
  EXPECT_EQ(load_le<std::uint32_t>(data, at + 8), 2U);
  EXPECT_EQ(load_le<std::uint64_t>(data, at + 24), 3U);
  EXPECT_EQ(load_le<std::uint64_t>(data, at + 48), 0U);
}

TEST_F(Author, AFixCanReachItsLivePatch) {
  auto& u = vmlinux_fix();
  u.refer(1, 8, u.undefined("suture_patch"), R_X86_64_32S, 0);
  EXPECT_EQ(leads(module(), "f", 8), "suture_patch+0");
}

TEST_F(Author, RefusesTwoCallbacksOfAKindForAnObject) {
  callback(vmlinux_fix(), "pre_patch", "one");
  callback(vmlinux_fix("fs/b.c", "unexported"), "pre_patch", "two");
  EXPECT_EQ(refusal(), "duplicate-callback");
}

TEST_F(Author, RefusesAStateThatIsDeclaredTwice) {
  state(vmlinux_fix(), 7, 1);
  state(vmlinux_fix("fs/b.c", "unexported"), 7, 2);
  EXPECT_EQ(refusal(), "duplicate-state");
}

TEST_F(Author, RefusesAStateWithTheNumberZero) {
  state(vmlinux_fix(), 0, 1);
  EXPECT_EQ(failure(), "fs/a.c: a state has the number 0, which is none");
}

TEST_F(Author, RefusesASectionThatIsNotWhatTheMacrosMake) {
  auto& u = vmlinux_fix();
  add_section(u.delta.object, ".suture.pre_patch", 0, 16, 8);
  EXPECT_NE(failure().find("is not one pointer to a function"), std::string::npos);
}

TEST(EmbeddedSources, AreTheFilesOfTheTree) {
  for (const auto& source : scaffold_sources()) {
    const auto file = read_text(fs::path(SUTURE_SOURCE_DIR) / "src/patch/emit/scaffold" / source.name);
    ASSERT_TRUE(file);
    EXPECT_EQ(source.text, *file) << source.name;
  }
  const auto file = read_text(fs::path(SUTURE_SOURCE_DIR) / "src/patch/emit/scaffold" / author_header().name);
  ASSERT_TRUE(file);
  EXPECT_EQ(author_header().text, *file);
}

}  // namespace
}  // namespace suture::patch::emitter
