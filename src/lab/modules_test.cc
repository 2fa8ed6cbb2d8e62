#include <gtest/gtest.h>

#include "elf/object.h"
#include "lab/live_patch.h"
#include "lab/modinfo.h"
#include "lab/shipped_modules.h"

namespace suture::lab {
namespace {

elf::Object object_with_modinfo(std::string_view entries) {
  elf::Object object;
  object.add(elf::Section{.name = ".text", .data = Bytes(16), .size = 16});
  object.add(elf::Section{
      .name = ".modinfo", .flags = SHF_ALLOC, .data = Bytes(entries.begin(), entries.end()), .size = entries.size()});
  return object;
}

Bytes module_with(std::string_view entries) { return elf::write_object(object_with_modinfo(entries)).value(); }

using namespace std::string_view_literals;
constexpr auto vlan = "depends=mrp,garp\0alias=rtnl-link-vlan\0name=8021q\0vermagic=6.1.0-53-amd64 SMP \0"sv;

TEST(Modinfo, ReadsEntriesAndLists) {
  const auto info = read_modinfo(module_with(vlan), "8021q.ko").value();
  EXPECT_EQ(info.value("name"), "8021q");
  EXPECT_EQ(info.list("depends"), (std::vector<std::string>{"mrp", "garp"}));
  EXPECT_EQ(info.value("livepatch"), "");
  EXPECT_EQ(read_modinfo(module_with("depends=\0"sv), "x.ko")->list("depends"), std::vector<std::string>{});
}

TEST(Modinfo, AModuleCutShortIsAnErrorOrHasLess) {
  const auto whole = module_with(vlan);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto info = read_modinfo(ByteView(whole).first(size), "cut.ko");
    if (info) {
      EXPECT_LE(info->entries.size(), 4U);
    } else {
      EXPECT_NE(info.error().describe().find("cut.ko"), std::string::npos);
    }
  }
  EXPECT_FALSE(read_modinfo(as_bytes("not an ELF file at all"), "x.ko"));
}

TEST(Modinfo, HostileHeadersAreErrors) {
  const auto whole = module_with(vlan);
  for (const std::size_t field :
       {offsetof(Elf64_Ehdr, e_shoff), offsetof(Elf64_Ehdr, e_shnum), offsetof(Elf64_Ehdr, e_shstrndx)}) {
    auto damaged = whole;
    store_le<std::uint16_t>(damaged, field, 0xffff);
    EXPECT_FALSE(read_modinfo(damaged, "hostile.ko"));
  }
}

class ModuleOrder : public testing::Test {
 protected:
  void ship(const std::string& name, std::vector<std::string> depends, std::vector<std::string> first = {},
            std::vector<std::string> aliases = {}) {
    modules_.add({.name = name, .path = name + ".ko", .depends = std::move(depends), .load_first = std::move(first)},
                 aliases);
  }
  std::string order(const std::vector<std::string>& wanted) {
    std::string out;
    for (const auto& name : modules_.load_order(wanted)) out += (out.empty() ? "" : " ") + name;
    return out;
  }
  ShippedModules modules_;
};

TEST_F(ModuleOrder, DependenciesComeFirst) {
  ship("8021q", {"mrp", "garp"});
  ship("garp", {"stp"});
  ship("mrp", {});
  ship("stp", {"llc"});
  ship("llc", {});
  EXPECT_EQ(order({"8021q"}), "mrp llc stp garp 8021q");
  EXPECT_EQ(order({"garp", "8021q"}), "llc stp garp mrp 8021q");
}

TEST_F(ModuleOrder, ASoftdepMayNameAnAliasOfSeveralModules) {
  ship("libcrc32c", {}, {"crc32c"});
  ship("crc32c_generic", {}, {}, {"crc32c", "crypto-crc32c"});
  ship("crc32c_intel", {}, {}, {"crc32c"});
  EXPECT_EQ(order({"libcrc32c"}), "crc32c_generic crc32c_intel libcrc32c");
}

TEST_F(ModuleOrder, CirclesEndAndWhatIsNotShippedIsLeftOut) {
  ship("a", {"b"}, {"c"});
  ship("b", {}, {"a"});
  EXPECT_EQ(order({"a", "vmlinux", "gone"}), "b a");
}

TEST(ShippedModules, AreIndexedFromATree) {
  const auto directory = TempDir::make().value();
  const auto path = directory.path() / "kernel" / "net";
  ASSERT_TRUE(make_directories(path));
  ASSERT_TRUE(write_file(path / "virtual-lan.ko", module_with("depends=stp\0softdep=pre: llc-x post: other\0"sv)));
  ASSERT_TRUE(write_file(path / "stp.ko", module_with("alias=pci:v*d*\0"sv)));
  ASSERT_TRUE(write_file(path / "llc-x.ko", module_with("name=llc_x\0"sv)));
  ASSERT_TRUE(write_text(path / "modules.order", "kernel/net/stp.ko\n"));
  const auto modules = ShippedModules::index(directory.path()).value();
  EXPECT_EQ(modules.load_order({"virtual_lan"}), (std::vector<std::string>{"llc_x", "stp", "virtual_lan"}));
  ASSERT_NE(modules.find("virtual_lan"), nullptr);
  EXPECT_EQ(modules.find("virtual_lan")->path, path / "virtual-lan.ko");
  EXPECT_EQ(modules.find("modules"), nullptr);
}

class LivePatchFile : public testing::Test {
 protected:
  Result<LivePatch> read(const Bytes& module) {
    const auto path = directory_.path() / "my-fix.ko";
    EXPECT_TRUE(write_file(path, module));
    return read_live_patch(path);
  }
  TempDir directory_ = TempDir::make().value();
};

TEST_F(LivePatchFile, ItsObjectsAreThoseThatItDeclares) {
  const auto patch = read(
      module_with("livepatch=Y\0name=fix\0suture_objects=vmlinux,8021q\0vermagic=6.1.0-53-amd64 SMP preempt \0"sv));
  ASSERT_TRUE(patch);
  EXPECT_EQ(patch->name, "fix");
  EXPECT_EQ(patch->release, "6.1.0-53-amd64");
  EXPECT_EQ(patch->objects, (std::vector<std::string>{"8021q", "vmlinux"}));
}

TEST_F(LivePatchFile, WithoutADeclarationItsObjectsAreThoseOfItsLivepatchSectionsAndSymbols) {
  auto object = object_with_modinfo("livepatch=Y\0"sv);
  const auto symbol =
      object.add(elf::Symbol{.name = ".klp.sym.vmlinux.tcp_prot,0", .section = elf::shn_livepatch, .bind = STB_GLOBAL});
  object.sections[1].livepatch_relocations.push_back(
      {.name = ".klp.rela.8021q..text", .relocations = {{.offset = 0, .type = R_X86_64_64, .symbol = symbol}}});
  const auto patch = read(elf::write_object(object).value());
  ASSERT_TRUE(patch) << patch.error().describe();
  EXPECT_EQ(patch->name, "my_fix");
  EXPECT_EQ(patch->objects, (std::vector<std::string>{"8021q", "vmlinux"}));
}

TEST_F(LivePatchFile, RefusesAModuleThatIsNoLivePatch) { EXPECT_FALSE(read(module_with(vlan))); }

TEST_F(LivePatchFile, RefusesNamesThatAShellWouldRead) {
  EXPECT_FALSE(read(module_with("livepatch=Y\0name=x;reboot\0"sv)));
  EXPECT_FALSE(read(module_with("livepatch=Y\0name=fix\0suture_objects=../../etc\0"sv)));
}

}  // namespace
}  // namespace suture::lab
