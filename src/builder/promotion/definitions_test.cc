#include "builder/promotion/definitions.h"

#include <gtest/gtest.h>

namespace suture::builder {
namespace {

using Names = std::vector<std::string_view>;
using Files = std::vector<std::string>;

TEST(ScanDefinitions, WhatStandsBeforeAParenthesisAtTheBeginningOfALine) {
  EXPECT_EQ(scan_definitions("static ssize_t size_show(struct kobject *kobj,\n\t\t\t char *buf)\n{\n\tfoo(1);\n}\n"),
            Names{"size_show"});
  EXPECT_EQ(scan_definitions("int\nbar (void)\n"), Names{});
  EXPECT_EQ(scan_definitions("/* x(1) */\n\nint a;\n#define M(x) x\n"), Names{});
}

TEST(ScanDefinitions, WhatAMacroIsToldToDefine) {
  EXPECT_EQ(scan_definitions("SYSCALL_DEFINE3(read, unsigned int, fd)\n"), (Names{"SYSCALL_DEFINE3", "read"}));
}

TEST(Definitions, AFunctionOfSeveralFiles) {
  const auto definitions = Definitions::make({{"a.c", {"store", "zoo", "read"}}, {"b.c", {"alpha", "store"}}});
  EXPECT_EQ(definitions.files_of("store"), (Files{"a.c", "b.c"}));
  EXPECT_EQ(definitions.files_of("alpha"), Files{"b.c"});
  EXPECT_EQ(definitions.files_of("zoo"), Files{"a.c"});
  EXPECT_EQ(definitions.files_of("sto"), Files{});
  EXPECT_EQ(definitions.files_of("zzz"), Files{});
}

TEST(Definitions, WhatTheCompilerOrTheKernelAddsToANameIsNoPartOfIt) {
  const auto definitions = Definitions::make({{"a.c", {"store", "read"}}});
  EXPECT_EQ(definitions.files_of("store.isra.0"), Files{"a.c"});
  EXPECT_EQ(definitions.files_of("store.cold"), Files{"a.c"});
  EXPECT_EQ(definitions.files_of("__x64_sys_read"), Files{"a.c"});
}

TEST(Definitions, OfNothing) { EXPECT_EQ(Definitions::make({}).files_of("foo"), Files{}); }

}  // namespace
}  // namespace suture::builder
