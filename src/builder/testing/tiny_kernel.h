// A kernel tree of a few lines, with makefiles that use the real ones' variables: for tests of what
// asks kbuild and runs compilers, on machines without a kit.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "base/process.h"
#include "kit/kit.h"

namespace suture::builder::testing {

class TinyKernel : public ::testing::Test {
 protected:
  void SetUp() override {
    auto made = TempDir::make();
    ASSERT_TRUE(made);
    directory_.emplace(std::move(*made));
    kit_.release = "6.1.0-tiny";
    kit_.root = fs::canonical(directory_->path());
    const auto said = run({.argv = {"gcc", "--version"}, .environment = {{"LC_ALL", "C"}}, .input = {}});
    ASSERT_TRUE(said && said->ok());
    kit_.compiler = "gcc";
    kit_.compiler_version = said->output.substr(0, said->output.find('\n'));
    kit_.make_variables = {"CC=gcc"};
    ASSERT_TRUE(make_directories(kit_.build()));

    // The top makefile only exports what Makefile.build needs.
    source("Makefile",
           "srctree := $(realpath $(dir $(lastword $(MAKEFILE_LIST))))\n"
           "LINUXINCLUDE := -I$(srctree)/arch/x86/include -I$(srctree)/include\n"
           "export srctree LINUXINCLUDE CC\n");
    source("scripts/Makefile.build",
           "build := -f $(srctree)/scripts/Makefile.build obj\n"
           "obj-y :=\nobj-m :=\nccflags-y :=\n"
           "include $(srctree)/$(obj)/Makefile\n"
           "subdir-ym := $(addprefix $(if $(filter-out .,$(obj)),$(obj)/),$(patsubst %/,%,$(filter %/,$(obj-y))))\n"
           "multi-obj-m := $(foreach m,$(obj-m),$(if $($(m:.o=-y)),$(obj)/$(m)))\n"
           "real-obj-y := $(addprefix $(obj)/,$(filter-out %/,$(obj-y)))\n"
           "real-obj-m := $(addprefix $(obj)/,$(foreach m,$(obj-m),$(or $($(m:.o=-y)),$(m))))\n"
           "modname-multi = $(foreach m,$(obj-m),$(if $(filter $*.o,$($(m:.o=-y))),$(m:.o=)))\n"
           "cmd_cc_o_c = $(CC) -Wp,-MMD,$(dir $@).$(notdir $@).d $(LINUXINCLUDE) -I $(srctree)/$(obj) $(ccflags-y) "
           "-fmacro-prefix-map=$(srctree)/= -O2 -c -o $@ $<\n"
           "cmd_as_o_S = $(CC) -Wp,-MMD,$(dir $@).$(notdir $@).d $(LINUXINCLUDE) -D__ASSEMBLY__ -c -o $@ $<\n"
           "if_changed_rule = $(cmd_$(1))\n"
           "$(obj)/%.o: $(srctree)/$(obj)/%.c FORCE\n\t$(call if_changed_rule,cc_o_c)\n"
           "$(obj)/%.o: $(srctree)/$(obj)/%.S FORCE\n\t$(call if_changed_rule,as_o_S)\n"
           "goals-below = $(foreach d,$(subdir-ym),$(filter $(d)/%,$(patsubst ./%,%,$(MAKECMDGOALS))))\n"
           "$(goals-below): $(subdir-ym)\n\t@:\n"
           "$(subdir-ym): FORCE\n\t$(if $(filter $@/%,$(goals-below)),@$(MAKE) $(build)=$@ need-builtin=1 "
           "need-modorder=1 $(filter $@/%,$(goals-below)),@:)\n"
           "FORCE:\n");
  }

  /// Writes a file of the kernel's source.
  void source(const std::string& path, const std::string& text) {
    ASSERT_TRUE(make_directories((kit_.source() / path).parent_path()));
    ASSERT_TRUE(write_text(kit_.source() / path, text, Sync::no));
  }

  kit::Kit kit_;

 private:
  std::optional<TempDir> directory_;
};

}  // namespace suture::builder::testing
