#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/process.h"
#include "kit/config.h"
#include "kit/kit.h"

namespace suture::kit {

/// The command that makes targets like "modules_prepare" in the kit's build/.
///
/// Every make in build/, for whatever it is run, passes kit.make_variables (compiler, release, ARCH,
/// the builder's name) and keeps the user's environment out, as this does. With other variables
/// kbuild would configure build/ anew, and its objects would no longer be those of the shipped kernel;
/// for the same reason check_compiler() belongs before a make. Two at a time are not safe.
Command kbuild(const Kit& kit, std::vector<std::string> targets);

/// The make variables of a new kit, whose other members are known. `identity` is the content of the
/// shipped include/generated/compile.h and utsversion.h: who built the kernel, and when.
std::vector<std::string> make_variables(const Kit& kit, const KernelConfig& shipped, std::string_view identity);

/// Where a kit keeps what answers for pahole; see prepare.cc.
fs::path pahole_stand_in(const Kit& kit);

}  // namespace suture::kit
