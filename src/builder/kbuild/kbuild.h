// How kbuild compiles a source file, and what the object becomes a part of. kbuild itself is asked,
// once for each file, with its own makefiles; nothing is compiled for it. Two tricks make that cheap:
//
// - The kernel's top makefile hands everything to scripts/Makefile.build through exported variables.
//   These are the same for all files of a kit: they are asked for once and kept, and with them
//   Makefile.build is run directly (0.1 s instead of 2).
// - Rules compile through the variable `if_changed_rule`. On make's command line it is replaced by one
//   that prints what would be run. All other rules run, so generated headers get made.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "kit/kit.h"

namespace suture::builder {

/// One way in which a source file is compiled. Paths in commands are relative to Kit::build(), where
/// they run, or absolute.
struct KbuildObject {
  std::string source;                ///< "net/ipv4/tcp_cubic.c"
  std::string target;                ///< "net/ipv4/tcp_cubic.o"
  std::vector<std::string> compile;  ///< writes `target`, and a list of what it read
  /// Changes `target` in place; empty where kbuild runs none. Where kbuild runs it only on what objects
  /// are linked into (LTO, IBT), this is the same run for the object alone.
  std::vector<std::string> objtool;
  bool in_vmlinux = false;           ///< linked into vmlinux, or in a library that vmlinux may draw on
  std::vector<std::string> modules;  ///< modules that hold it, by their path in the build: "drivers/block/loop"

  /// False: there is a rule for the file, but this config does not use it.
  bool is_used() const { return in_vmlinux || !modules.empty(); }
};

/// Everything that kbuild says about each of `sources`, in that order. A file for which it has no
/// rule, or in whose directory this config compiles nothing, gives an empty list. One that several
/// directories compile gives several. Answers are kept in the kit's cache; safe to call from several
/// processes at once.
Result<std::vector<std::vector<KbuildObject>>> ask_kbuild(const kit::Kit& kit, const std::vector<std::string>& sources);

}  // namespace suture::builder
