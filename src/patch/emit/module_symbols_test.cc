#include "patch/emit/module_symbols.h"

#include "patch/testing/emit_case.h"

namespace suture::patch::emitter {
namespace {

TEST(BuildIdNote, LiesBeforeKbuildsOwnNote) {
  const auto note = find_build_id_note(ShippedBuilder().build("a_module"));
  ASSERT_TRUE(note) << note.error().describe();
  EXPECT_EQ(note->symbol, "_note_10");
  EXPECT_EQ(note->position, 0U);
  EXPECT_EQ(note->distance, -36);
}

TEST(BuildIdNote, IsFoundAcrossSectionsOfOtherAlignment) {
  ShippedBuilder builder;
  builder.object.sections[builder.linux_note].name = ".note.Other";
  builder.object.symbols[1].name = "";
  const auto table = add_section(builder.object, ".rodata", 0, 40, 32);
  builder.symbol("a_table", table, 8);
  const auto note = find_build_id_note(builder.build("a_module"));
  ASSERT_TRUE(note) << note.error().describe();
  EXPECT_EQ(note->symbol, "a_table");
  EXPECT_EQ(note->distance, -(96 + 8)) << "36 bytes of note, 60 of the other, then aligned to 32";
}

TEST(BuildIdNote, WritableAndDiscardedSectionsAreNotOnTheWay) {
  ShippedBuilder builder;
  builder.object.symbols[1].name = "";
  add_section(builder.object, ".data", SHF_WRITE, 1000, 32);
  add_section(builder.object, ".init.rodata", 0, 1000, 32);
  add_section(builder.object, "__versions", 0, 1000, 32);
  const auto table = add_section(builder.object, ".rodata", 0, 40, 4);
  builder.symbol("a_table", table, 0);
  const auto note = find_build_id_note(builder.build("a_module"));
  ASSERT_TRUE(note) << note.error().describe();
  EXPECT_EQ(note->distance, -96);
}

TEST(BuildIdNote, NeedsASymbolToStartFrom) {
  ShippedBuilder builder;
  builder.object.symbols[1].name = "";
  const auto note = find_build_id_note(builder.build("a_module"));
  ASSERT_FALSE(note);
  EXPECT_NE(note.error().message().find("no symbol in its read-only data"), std::string::npos);
}

TEST(ModuleSymbols, OfSeveralTheGlobalOneIsMeantByOtherFiles) {
  ShippedBuilder builder;
  builder.symbol("helper", builder.text, 16);
  builder.symbol("helper", builder.text, 32, STB_GLOBAL);
  const auto module = builder.build("a_module");
  EXPECT_EQ(find_in_module(module, "helper", true), 2U);
  EXPECT_FALSE(find_in_module(module, "helper", false));
  EXPECT_TRUE(has_global(module, "helper"));
  EXPECT_FALSE(has_global(module, "a_function"));
}

}  // namespace
}  // namespace suture::patch::emitter
