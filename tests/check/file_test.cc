// The module as the loader sees it: each test puts one fault into a live patch without fault.
#include "live_patch.h"

namespace suture::check::testing {
namespace {

using CheckFile = LivePatchTest;

TEST_F(CheckFile, FindsNothingInALivePatchWithoutFault) {
  const auto report = check();
  EXPECT_TRUE(report.is_clean()) << text(report.findings);
  EXPECT_TRUE(report.notes.empty()) << text(report.notes);
  EXPECT_EQ(report.module, "good");
  EXPECT_EQ(report.kernel, "6.1.0-test");
}

TEST_F(CheckFile, SaysHowMuchItLookedAt) {
  const auto report = check();
  const auto count = [&](const std::string& what) {
    for (const auto& each : report.examined)
      if (each.what == what) return each.count;
    return std::uint64_t{0};
  };
  EXPECT_EQ(count("functions to replace"), 4U);
  EXPECT_EQ(count("livepatch symbols"), 4U);
  EXPECT_EQ(count("ambiguous names"), 2U);
  EXPECT_GT(count("relocations"), 40U);
  EXPECT_GT(count("unwind entries"), 0U);
}

TEST_F(CheckFile, FailsOnWhatIsNoModule) {
  EXPECT_FALSE(check_module({}, "empty.ko", kernel));
  EXPECT_FALSE(check_module(as_bytes("not a module, whatever its name says, but long enough for a header to fit in"),
                            "text.ko", kernel));
  const auto file = elf::write_object(module).value();
  for (std::size_t size = 0; size < file.size(); size += 97) {
    const auto cut = check_module(ByteView(file).first(size), "cut.ko", kernel);
    ASSERT_FALSE(cut) << size;
    EXPECT_NE(cut.error().describe().find("cut.ko"), std::string::npos) << cut.error().describe();
  }
}

TEST_F(CheckFile, LooksPastASignature) {
  auto file = elf::write_object(module).value();
  const auto size = file.size();
  for (const char each : std::string("\x30\x82 signature") + std::string(8, '\0') + std::string("\0\0\0\x0c", 4) +
                             "~Module signature appended~\n")
    file.push_back(static_cast<std::uint8_t>(each));
  EXPECT_EQ(strip_signature(file).module.size(), size);
  const auto report = check_module(file, "good.ko", kernel);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->is_clean()) << text(report->findings);
}

TEST_F(CheckFile, FindsAStructModuleOfAnotherKernelsSize) {
  section(".gnu.linkonce.this_module").data.resize(192);
  section(".gnu.linkonce.this_module").size = 192;
  EXPECT_TRUE(finds("this-module", "", "has 192 bytes"));
}

TEST_F(CheckFile, FindsASecondStructModule) {
  module.add(elf::Section{
      .name = ".gnu.linkonce.this_module", .flags = SHF_ALLOC | SHF_WRITE, .data = Bytes(128, 0), .size = 128});
  EXPECT_TRUE(finds("this-module", "", "2 found"));
}

TEST_F(CheckFile, FindsAnInitThatTheModuleDoesNotPointTo) {
  std::erase_if(section(".gnu.linkonce.this_module").relocations, [](const auto& each) { return each.offset == 80; });
  EXPECT_TRUE(finds("this-module", "", "init"));
}

TEST_F(CheckFile, FindsAnExitThatIsAnotherFunction) {
  auto& exit = relocation(".gnu.linkonce.this_module", 88);
  exit.symbol = symbol_index("show");
  exit.addend = 0;
  EXPECT_TRUE(finds("this-module", "", "exit"));
}

TEST_F(CheckFile, FindsTwoNamesForOneModule) {
  change_modinfo("name=good", "name=better");
  EXPECT_TRUE(finds("this-module", "", "better"));
}

TEST_F(CheckFile, FindsAWrongVermagic) {
  change_modinfo("vermagic=6.1.0-test SMP mod_unload ", "vermagic=6.1.0-test SMP mod_unload");
  EXPECT_TRUE(finds("modinfo-vermagic"));
}

TEST_F(CheckFile, FindsAModuleThatDoesNotSayItIsALivePatch) {
  change_modinfo("livepatch=Y", "");
  EXPECT_TRUE(finds("modinfo-livepatch"));
}

TEST_F(CheckFile, FindsALicenseThatBarsItFromTheKernelsFunctions) {
  change_modinfo("license=GPL", "license=Apache-2.0");
  EXPECT_TRUE(finds("modinfo-license"));
}

TEST_F(CheckFile, FindsAModuleNotMarkedAsBuiltWithRetpolines) {
  change_modinfo("retpoline=Y", "");
  EXPECT_TRUE(finds("modinfo-retpoline"));
}

TEST_F(CheckFile, FindsAFalseClaimToBeShippedWithTheKernel) {
  change_modinfo("license=GPL", std::string("license=GPL\0intree=Y", 20));
  EXPECT_TRUE(finds("modinfo-false"));
}

TEST_F(CheckFile, FindsANamespaceThatIsNotImported) {
  kernel.exports.at("_printk").ns = "INTERNAL";
  EXPECT_TRUE(finds("modinfo-namespace", "", "INTERNAL"));
  change_modinfo("license=GPL", std::string("license=GPL\0import_ns=INTERNAL", 31));
  EXPECT_TRUE(check().is_clean());
}

TEST_F(CheckFile, FindsAModuleThatMustBeLoadedFirstAndIsNotNamed) {
  kernel.exports.at("_printk").module_name = "logger";
  EXPECT_TRUE(finds("modinfo-depends", "", "does not name logger"));
  change_modinfo("depends=", "depends=logger");
  EXPECT_TRUE(check().is_clean());
}

TEST_F(CheckFile, FindsADependencyThatNothingNeeds) {
  change_modinfo("depends=", "depends=demo");
  EXPECT_TRUE(finds("modinfo-depends", "", "names demo"));
}

TEST_F(CheckFile, FindsAWrongVersionOfASymbol) {
  section("__versions").data[version("_printk")] ^= 1;
  EXPECT_TRUE(finds("symbol-version", "symbol _printk"));
}

TEST_F(CheckFile, FindsASymbolWithoutVersion) {
  cut("__versions", version("_printk"), 64);
  EXPECT_TRUE(finds("symbol-version-missing", "symbol _printk"));
}

TEST_F(CheckFile, FindsAMissingVersionOfTheModuleLayout) {
  cut("__versions", version("module_layout"), 64);
  EXPECT_TRUE(finds("symbol-version-missing", "symbol module_layout"));
}

TEST_F(CheckFile, FindsAVersionOfASymbolThatIsNotImported) {
  const auto at = static_cast<std::ptrdiff_t>(version("_printk")) + 8;
  const std::string_view other = "printkk";
  std::copy(other.begin(), other.end(), section("__versions").data.begin() + at);
  EXPECT_TRUE(finds("symbol-version-unused", "symbol printkk"));
  EXPECT_TRUE(finds("symbol-version-missing", "symbol _printk"));
}

TEST_F(CheckFile, FindsAModuleWithoutVersions) {
  section("__versions").name = "__other";
  EXPECT_TRUE(finds("version-table"));
}

TEST_F(CheckFile, FindsASymbolThatTheKernelDoesNotExport) {
  kernel.exports.erase("_printk");
  EXPECT_TRUE(finds("undefined-symbol", "symbol _printk"));
}

TEST_F(CheckFile, FindsACommonSymbol) {
  module.add(elf::Symbol{
      .name = "counter", .value = 8, .size = 8, .section = SHN_COMMON, .bind = STB_GLOBAL, .type = STT_OBJECT});
  EXPECT_TRUE(finds("common-symbol", "symbol counter"));
}

TEST_F(CheckFile, FindsARelocatedFieldThatIsNotZero) {
  section(".text").data[use_of(".text", "_printk").offset] = 1;
  EXPECT_TRUE(finds("relocation-target", "show+0x1e"));
}

TEST_F(CheckFile, FindsTwoRelocationsOfOneField) {
  auto& text = section(".text");
  text.relocations.push_back(use_of(".text", "_printk"));
  EXPECT_TRUE(finds("relocation-overlap", "show+0x1e"));
}

TEST_F(CheckFile, FindsARelocationTypeThatTheLoaderDoesNotKnow) {
  use_of(".text", "_printk").type = R_X86_64_GOTPCREL;
  EXPECT_TRUE(finds("relocation-type", "show+0x1e"));
}

TEST_F(CheckFile, FindsAnAddressCutTo32Bits) {
  relocation(".text", place("show", 0x19)).type = R_X86_64_32;
  EXPECT_TRUE(finds("relocation-range", "show+0x19"));
}

TEST_F(CheckFile, FindsAReferenceToASectionThatIsNotLoaded) {
  const auto notes = module.add(elf::Section{.name = ".comment", .flags = 0, .data = Bytes(16, 0), .size = 16});
  const auto mark = module.add(elf::Symbol{.name = "mark", .section = notes});
  relocation(".text", place("show", 0x19)).symbol = mark;
  EXPECT_TRUE(finds("relocation-lost-target", "show+0x19", ".comment"));
}

TEST_F(CheckFile, NotesAReferencePastTheEndOfASection) {
  relocation(".text", place("show", 0x19)).addend += 0x1000;
  const auto report = check();
  EXPECT_TRUE(report.is_clean()) << text(report.findings);
  ASSERT_EQ(report.notes.size(), 1U);
  EXPECT_EQ(report.notes[0].id, "relocation-outside");
}

TEST_F(CheckFile, FindsWhatASourceFileHasForTheLoader) {
  for (const auto* name : {"__ksymtab_gpl", "___ksymtab+show", ".initcall6.init", "__param", ".BTF_ids",
                           "_ftrace_events", ".init_array"}) {
    const auto index = module.add(elf::Section{.name = name, .flags = SHF_ALLOC, .data = Bytes(8, 0), .size = 8});
    EXPECT_TRUE(finds("section-unwanted", name));
    module.sections[index].name = ".rodata.harmless";
  }
}

TEST_F(CheckFile, FindsCodeThatCanBeWritten) {
  section(".text").flags |= SHF_WRITE;
  EXPECT_TRUE(finds("section-writable-code", ".text"));
}

}  // namespace
}  // namespace suture::check::testing
