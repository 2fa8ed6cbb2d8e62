#include "builder/sources/classify.h"

#include <gtest/gtest.h>

namespace suture::builder {
namespace {

void expect_role(const std::string& path, FileRole role) {
  const auto verdict = classify(path);
  const auto* found = std::get_if<FileRole>(&verdict);
  ASSERT_NE(found, nullptr) << path << ": " << std::get<patch::Refusal>(verdict).code;
  EXPECT_EQ(*found, role) << path;
}

void expect_refusal(const std::string& path, const std::string& code) {
  const auto verdict = classify(path);
  const auto* refusal = std::get_if<patch::Refusal>(&verdict);
  ASSERT_NE(refusal, nullptr) << path;
  EXPECT_EQ(refusal->code, code) << path;
  EXPECT_EQ(refusal->place, path);
  EXPECT_FALSE(refusal->reason.empty() || refusal->advice.empty());
}

TEST(Classify, CAndHeadersAreCode) {
  for (const char* path : {"fs/proc/cmdline.c", "include/linux/mm.h", "lib/string.c", "arch/x86/kvm/x86.c",
                           "arch/x86/entry/vdso/vma.c", "drivers/net/foo.inc"})
    expect_role(path, FileRole::code);
}

TEST(Classify, DocumentationTestsAndUserSpaceToolsAreNothing) {
  for (const char* path : {"Documentation/admin-guide/sysctl/net.rst", "Documentation/Makefile", "MAINTAINERS",
                           "fs/.gitignore", "tools/testing/selftests/net/Makefile", "tools/perf/builtin-top.c",
                           "samples/bpf/x.c", "drivers/staging/foo/TODO"})
    expect_role(path, FileRole::nothing);
}

TEST(Classify, OtherArchitecturesAreForeign) {
  for (const char* path : {"arch/arm64/kernel/entry.S", "arch/arm/boot/dts/a.dtsi", "arch/powerpc/Kconfig"})
    expect_role(path, FileRole::foreign);
}

TEST(Classify, RefusesAssembly) { expect_refusal("arch/x86/entry/entry_64.S", "assembly-file"); }

TEST(Classify, RefusesTheVdsoAndItsLibrary) {
  expect_refusal("lib/vdso/gettimeofday.c", "vdso");
  expect_refusal("arch/x86/entry/vdso/vdso32/vclock_gettime.c", "vdso");
}

TEST(Classify, RefusesBootCode) {
  for (const char* path : {"arch/x86/boot/main.c", "arch/x86/realmode/rm/wakemain.c", "arch/x86/purgatory/purgatory.c",
                           "drivers/firmware/efi/libstub/x86-stub.c"})
    expect_refusal(path, "boot-code");
}

TEST(Classify, RefusesWhatChangesTheBuild) {
  for (const char* path :
       {"Makefile", "net/Kconfig", "fs/Makefile", "arch/x86/Kconfig.cpu", "scripts/mod/modpost.c",
        "tools/objtool/check.c", "arch/x86/kernel/vmlinux.lds.S", "include/asm-generic/vmlinux.lds.h"})
    expect_refusal(path, "build-file");
}

TEST(Classify, RefusesWhatCodeIsGeneratedFrom) {
  expect_refusal("arch/x86/entry/syscalls/syscall_64.tbl", "generated-code");
  expect_refusal("crypto/asymmetric_keys/x509.asn1", "generated-code");
}

}  // namespace
}  // namespace suture::builder
