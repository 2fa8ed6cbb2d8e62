#include <elf.h>
#include <gtest/gtest.h>

#include <cstddef>

#include "lab/live_patch.h"
#include "lab/module_file.h"
#include "lab/shipped_modules.h"

namespace suture::lab {
namespace {

using namespace std::string_view_literals;

// The least ELF file that has sections: a header, their contents, their names, their headers.
Bytes module_with(const std::vector<std::pair<std::string, std::string_view>>& sections) {
  std::string names(1, '\0');
  std::string contents;
  std::vector<Elf64_Shdr> headers(1);
  const auto add = [&](std::string_view name, std::string_view content) {
    Elf64_Shdr header{};
    header.sh_name = static_cast<Elf64_Word>(names.size());
    header.sh_offset = sizeof(Elf64_Ehdr) + contents.size();
    header.sh_size = content.size();
    names += std::string(name) + '\0';
    contents += content;
    headers.push_back(header);
  };
  for (const auto& [name, content] : sections) add(name, content);
  const std::string table_name = ".shstrtab";
  const auto whole_table = names + table_name + '\0';
  add(table_name, whole_table);
  Elf64_Ehdr header{};
  std::copy_n(ELFMAG, SELFMAG, header.e_ident);
  header.e_shoff = sizeof(Elf64_Ehdr) + contents.size();
  header.e_shnum = static_cast<Elf64_Half>(headers.size());
  header.e_shstrndx = static_cast<Elf64_Half>(headers.size() - 1);
  Bytes out;
  const auto append = [&](const void* from, std::size_t size) {
    const auto* raw = static_cast<const std::uint8_t*>(from);
    out.insert(out.end(), raw, raw + size);
  };
  append(&header, sizeof header);
  append(contents.data(), contents.size());
  append(headers.data(), headers.size() * sizeof(Elf64_Shdr));
  return out;
}

constexpr auto vlan = "depends=mrp,garp\0alias=rtnl-link-vlan\0name=8021q\0vermagic=6.1.0-53-amd64 SMP \0"sv;

TEST(ModuleFile, SaysItsSectionsAndModinfo) {
  const auto module = read_module_file(module_with({{".text", "code"}, {".modinfo", vlan}}), "8021q.ko").value();
  EXPECT_EQ(module.sections, (std::vector<std::string>{".text", ".modinfo", ".shstrtab"}));
  EXPECT_EQ(module.value("name"), "8021q");
  EXPECT_EQ(module.value("livepatch"), "");
  EXPECT_EQ(module.list("depends"), (std::vector<std::string>{"mrp", "garp"}));
  EXPECT_EQ(module.list("livepatch"), std::vector<std::string>{});
}

TEST(ModuleFile, CutAnywhereIsAnErrorThatNamesIt) {
  const auto whole = module_with({{".modinfo", vlan}});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto module = read_module_file(ByteView(whole).first(size), "cut.ko");
    ASSERT_FALSE(module) << size;
    EXPECT_NE(module.error().describe().find("cut.ko"), std::string::npos);
  }
}

TEST(ModuleFile, HostileHeadersAreErrors) {
  const auto whole = module_with({{".modinfo", vlan}});
  for (const std::size_t field :
       {offsetof(Elf64_Ehdr, e_shoff), offsetof(Elf64_Ehdr, e_shnum), offsetof(Elf64_Ehdr, e_shstrndx)}) {
    auto damaged = whole;
    store_le<std::uint16_t>(damaged, field, 0xffff);
    EXPECT_FALSE(read_module_file(damaged, "hostile.ko")) << field;
  }
  auto damaged = whole;
  const auto first = load_le<std::uint64_t>(whole, offsetof(Elf64_Ehdr, e_shoff)) + sizeof(Elf64_Shdr);
  store_le<std::uint64_t>(damaged, first + offsetof(Elf64_Shdr, sh_size), ~0ULL);
  EXPECT_FALSE(read_module_file(damaged, "hostile.ko"));
}

std::string order(std::string_view dep, std::string_view softdep, std::string_view alias,
                  const std::vector<std::string>& wanted) {
  std::string out;
  for (const auto& name : ShippedModules::parse(dep, softdep, alias, "/m").value().load_order(wanted))
    out += (out.empty() ? "" : " ") + name;
  return out;
}

TEST(ShippedModules, WhatIsNeededComesFirst) {
  constexpr auto dep =
      "kernel/net/8021q/8021q.ko.xz: kernel/net/802/mrp.ko.xz kernel/net/802/garp.ko.xz kernel/net/802/stp.ko.xz\n"
      "kernel/net/802/garp.ko.xz: kernel/net/802/stp.ko.xz\n"
      "kernel/net/802/mrp.ko.xz:\n"
      "kernel/net/802/stp.ko.xz:\n";
  EXPECT_EQ(order(dep, "", "", {"8021q"}), "mrp stp garp 8021q");
  EXPECT_EQ(order(dep, "", "", {"garp", "8021q"}), "stp garp mrp 8021q");
  EXPECT_EQ(order(dep, "", "", {"vmlinux", "not_shipped"}), "");
}

TEST(ShippedModules, ASoftDependencyMayNameAnAliasOfSeveralModules) {
  EXPECT_EQ(order("kernel/lib/libcrc32c.ko:\nkernel/crypto/crc32c_generic.ko:\nkernel/arch/crc32c-intel.ko:\n",
                  "# Soft dependencies\nsoftdep libcrc32c pre: crc32c post: late\nsoftdep other gcm\n",
                  "alias crc32c crc32c_generic\nalias crc32c crc32c_intel\nalias cpu:type:x86,* crc32c_intel\n",
                  {"libcrc32c"}),
            "crc32c_generic crc32c_intel libcrc32c");
}

TEST(ShippedModules, CirclesOfSoftDependenciesEnd) {
  EXPECT_EQ(order("a.ko:\nb.ko:\n", "softdep a pre: b\nsoftdep b pre: a\n", "", {"a"}), "b a");
}

TEST(ShippedModules, RefusesPathsThatLeaveTheTree) {
  for (const auto* dep : {"../a.ko:\n", "/a.ko:\n", "kernel/../../a.ko:\n", ":\n", "no colon\n"})
    EXPECT_FALSE(ShippedModules::parse(dep, "", "", "/m")) << dep;
}

class ModuleTree : public testing::Test {
 protected:
  void put(const std::string& name, std::string_view content) {
    const auto path = directory_.path() / name;
    ASSERT_TRUE(make_directories(path.parent_path()));
    ASSERT_TRUE(write_text(path, content));
  }
  TempDir directory_ = TempDir::make().value();
};

TEST_F(ModuleTree, AModuleIsReadDecompressed) {
  // printf module | xz --check=crc32
  constexpr auto xz =
      "\xfd\x37\x7a\x58\x5a\x00\x00\x01\x69\x22\xde\x36\x02\x00\x21\x01\x16\x00\x00\x00\x74\x2f\xe5\xa3\x01\x00\x05\x6d"
      "\x6f\x64"
      "\x75\x6c\x65\x00\x00\x00\x28\x26\x24\x0c\x00\x01\x1a\x06\xc5\xea\xc8\x79\x90\x42\x99\x0d\x01\x00\x00\x00\x00\x01\x59\x5a"sv;
  put("modules.dep", "kernel/plain.ko:\nkernel/packed-one.ko.xz:\nkernel/damaged.ko.xz:\n");
  put("modules.softdep", "");
  put("modules.alias", "");
  put("kernel/plain.ko", "module");
  put("kernel/packed-one.ko.xz", xz);
  put("kernel/damaged.ko.xz", xz.substr(0, 40));
  const auto shipped = ShippedModules::open(directory_.path()).value();
  EXPECT_EQ(as_text(shipped.read("plain").value()), "module");
  EXPECT_EQ(as_text(shipped.read("packed_one").value()), "module");
  const auto damaged = shipped.read("damaged");
  ASSERT_FALSE(damaged);
  EXPECT_NE(damaged.error().message().find("damaged.ko.xz"), std::string::npos);
  EXPECT_FALSE(shipped.read("not_shipped"));
}

TEST_F(ModuleTree, WithoutModulesDepTheErrorSaysWhatMakesIt) {
  const auto shipped = ShippedModules::open(directory_.path());
  ASSERT_FALSE(shipped);
  EXPECT_NE(shipped.error().advice().find("depmod"), std::string::npos);
}

class LivePatchFile : public testing::Test {
 protected:
  Result<LivePatch> read(std::string_view modinfo, const std::string& other_section = ".text") {
    const auto path = directory_.path() / "my-fix.ko";
    EXPECT_TRUE(write_file(path, module_with({{".modinfo", modinfo}, {other_section, "x"}})));
    return read_live_patch(path);
  }
  TempDir directory_ = TempDir::make().value();
};

TEST_F(LivePatchFile, ItsObjectsAreThoseThatItDeclares) {
  const auto patch = read("livepatch=Y\0name=fix\0suture_objects=vmlinux,8021q\0vermagic=6.1.0-53-amd64 SMP \0"sv,
                          ".klp.rela.dummy..text")
                         .value();
  EXPECT_EQ(patch.name, "fix");
  EXPECT_EQ(patch.release, "6.1.0-53-amd64");
  EXPECT_EQ(patch.objects, (std::vector<std::string>{"8021q", "vmlinux"}));
}

TEST_F(LivePatchFile, ElseThoseOfItsLivepatchSections) {
  const auto patch = read("livepatch=Y\0"sv, ".klp.rela.8021q..text.vlan_seq_show").value();
  EXPECT_EQ(patch.name, "my_fix");
  EXPECT_EQ(patch.objects, std::vector<std::string>{"8021q"});
}

TEST_F(LivePatchFile, RefusesAModuleThatIsNoLivePatch) { EXPECT_FALSE(read(vlan)); }

TEST_F(LivePatchFile, RefusesNamesThatAShellWouldRead) {
  EXPECT_FALSE(read("livepatch=Y\0name=x;reboot\0"sv));
  EXPECT_FALSE(read("livepatch=Y\0name=-rf\0"sv));
  EXPECT_FALSE(read("livepatch=Y\0name=fix\0suture_objects=../../etc\0"sv));
}

}  // namespace
}  // namespace suture::lab
