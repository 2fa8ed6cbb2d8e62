#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/process.h"
#include "kit/config.h"
#include "kit/kit.h"

namespace suture::kit {

/// The command that makes `targets` ("net/ipv4/tcp_cubic.o") in the kit's build/, `jobs` at a time
/// (0: one a processor).
///
/// Always go through this: it passes what the kit was prepared with (compiler, release, ARCH, the
/// builder's name) and keeps the user's environment out. With other variables kbuild would configure
/// build/ anew, and its objects would no longer be those of the shipped kernel. For the same reason
/// check_compiler() belongs before it. Two at a time in one kit are not safe.
///
/// It does not prepare again what the kit has prepared, which would cost more than most compiles.
Command kbuild(const Kit& kit, std::vector<std::string> targets, unsigned jobs = 0);

/// The command with which prepare_build() makes targets like "modules_prepare".
Command kbuild_setup(const Kit& kit, std::vector<std::string> targets);

/// The make variables of a new kit, whose other members are known. `identity` is the content of the
/// shipped include/generated/compile.h and utsversion.h: who built the kernel, and when.
std::vector<std::string> make_variables(const Kit& kit, const KernelConfig& shipped, std::string_view identity);

/// Where a kit keeps what answers for pahole; see prepare.cc.
fs::path pahole_stand_in(const Kit& kit);

}  // namespace suture::kit
