#include <gtest/gtest.h>

#include "host/module/build_id.h"
#include "host/module/load.h"
#include "host/module/loaded.h"
#include "host/module/name.h"
#include "host/module/taint.h"
#include "host/testing/tree.h"

namespace suture::host {
namespace {

using testing::Tree;

TEST(Taint, EachBitHasItsLetter) {
  EXPECT_EQ(taint_letters(0), "");
  EXPECT_EQ(taint_letters(taint::out_of_tree | taint::unsigned_module | taint::live_patch), "OEK");
  EXPECT_EQ(taint_letters(taint::died | taint::warned), "DW");
  EXPECT_EQ(decode_taint(std::uint64_t{1} << 40).at(0).letter, "");
  EXPECT_EQ(decode_taint(std::uint64_t{1} << 40).at(0).bit, 40U);
}

TEST(LoadedModules, LinesAreReadWithOrWithoutUsers) {
  const auto tree = Tree::of(R"(== /proc/modules
nf_tables 299008 2 nft_chain_nat,nft_compat, Live 0x0000000000000000
fix 16384 1 - Live 0xffffffffc0000000 (OEK)
stays 4096 1 [permanent], Live 0x0
old 4096 - - Live 0x0
== /sys/module/fix/version
1.2
== /sys/module/module/parameters/sig_enforce
N
)");
  const auto modules = loaded_modules(tree.root());
  ASSERT_TRUE(modules) << modules.error().describe();
  ASSERT_EQ(modules->size(), 4U);
  EXPECT_EQ((*modules)[0].name, "fix");
  EXPECT_EQ((*modules)[0].taint, "OEK");
  EXPECT_TRUE((*modules)[0].version.is("1.2"));
  EXPECT_TRUE((*modules)[0].signature_valid.is(false));
  EXPECT_FALSE((*modules)[0].build_id);
  EXPECT_EQ((*modules)[1].used_by, (std::vector<std::string>{"nft_chain_nat", "nft_compat"}));
  EXPECT_TRUE((*modules)[1].signature_valid.is(true));
  EXPECT_EQ((*modules)[2].users, -1);
  EXPECT_EQ((*modules)[3].users, -1);
  EXPECT_FALSE(loaded_modules(Tree::of("== /proc/modules\n../x 1 1 - Live 0x0\n").root()));
}

TEST(BuildId, DamagedNotesAreAnError) {
  Bytes notes;
  for (const std::uint32_t word : {4U, 4U, 3U}) append_le(notes, word);
  for (const char c : std::string_view("GNU\0\x01\x02\x03\x04", 8)) notes.push_back(static_cast<std::uint8_t>(c));
  EXPECT_EQ(build_id_of_notes(notes, "notes").value(), "01020304");
  for (std::size_t size = 0; size < notes.size(); ++size)
    EXPECT_FALSE(build_id_of_notes(ByteView(notes).first(size), "notes")) << size;
  store_le<std::uint32_t>(notes, 4, 0xffffffff);
  EXPECT_FALSE(build_id_of_notes(notes, "notes"));
}

TEST(BlockModule, IsAFileOfOursAndNobodyElses) {
  auto tree = Tree::of("");
  const auto root = tree.root();
  EXPECT_FALSE(is_blocked(root, "minix").value());
  ASSERT_TRUE(block_module(root, "minix"));
  EXPECT_TRUE(is_blocked(root, "minix").value());
  EXPECT_NE(root.text("/run/modprobe.d/suture-block-minix.conf")->find("install minix /bin/false"), std::string::npos);
  tree.set("/run/modprobe.d/suture-block-minix.conf", "# mine\n");
  EXPECT_FALSE(is_blocked(root, "minix"));
  EXPECT_FALSE(unblock_module(root, "minix"));
  EXPECT_TRUE(root.has("/run/modprobe.d/suture-block-minix.conf"));
  ASSERT_TRUE(block_module(root, "minix"));
  ASSERT_TRUE(unblock_module(root, "minix"));
  EXPECT_FALSE(root.has("/run/modprobe.d/suture-block-minix.conf"));
  EXPECT_TRUE(unblock_module(root, "minix"));
}

TEST(ModuleName, IsAPartOfAPathAndOfALine) {
  for (const auto* bad : {"", ".", "..", "a/b", "a b", "a\nb", "-f", "a-b"}) EXPECT_FALSE(is_module_name(bad)) << bad;
  EXPECT_TRUE(is_module_name("nf_conntrack"));
  EXPECT_FALSE(is_module_name(std::string(56, 'a')));
}

TEST(UnloadModule, OneThatIsNotLoadedIsAbsentOrNotPermitted) {
  const auto unloading = unload_module("suture_there_is_no_such_module");
  EXPECT_TRUE(!unloading || *unloading == Unloading::absent);
}

}  // namespace
}  // namespace suture::host
