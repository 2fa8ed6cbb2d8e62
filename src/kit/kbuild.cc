#include "kit/kbuild.h"
#include "base/parallel.h"

#include <algorithm>
#include <regex>

namespace suture::kit {
namespace {

// The string that the header text defines `name` as; empty if it does not.
std::string defined(std::string_view headers, std::string_view name) {
  const auto line = fmt::format("#define {}", name);
  auto at = headers.find(line);
  if (at == std::string_view::npos) return {};
  headers.remove_prefix(at + line.size());
  headers = headers.substr(0, headers.find('\n'));
  const auto open = headers.find('"'), close = headers.rfind('"');
  return open == close ? std::string() : std::string(headers.substr(open + 1, close - open - 1));
}

// Make would expand a dollar sign, and hand the value on to shells.
bool is_plain(std::string_view value) { return value.find_first_of("$`\"'\\;&|<>") == std::string_view::npos; }

}  // namespace

// Runs in build/ with the source's makefile, as the O= form ends up doing; only so does --old-file (a
// target that is not to be remade) reach the make that would remake it. resolve_btfids has work only
// when a kernel or module is linked, and takes as long to build as objtool.
Command kbuild(const Kit& kit, std::vector<std::string> targets) {
  Command command{
      .argv = {"make", "--no-print-directory", fmt::format("-j{}", processors()),
               fmt::format("--directory={}", kit.build().string()),
               fmt::format("--file={}", (kit.source() / "Makefile").string()), "--old-file=tools/bpf/resolve_btfids"},
      .environment = {{"LC_ALL", "C"}},
      .inherit_environment = false};
  command.argv.insert(command.argv.end(), kit.make_variables.begin(), kit.make_variables.end());
  command.argv.insert(command.argv.end(), targets.begin(), targets.end());
  return command;
}

std::vector<std::string> make_variables(const Kit& kit, const KernelConfig& shipped, std::string_view identity) {
  std::vector<std::string> variables{"ARCH=x86",
                                     "KERNELRELEASE=" + kit.release,
                                     "CC=" + kit.compiler,
                                     "HOSTCC=" + kit.compiler,
                                     "PAHOLE=" + pahole_stand_in(kit).string(),
                                     "DISTRIBUTION_OFFICIAL_BUILD=1",
                                     "DISTRIBUTOR=Debian",
                                     "DISTRIBUTION_VERSION=" + kit.package_version};
  // Kconfig asks for a Rust compiler and notes its version, although nothing is compiled by it.
  if (!shipped.enabled("CONFIG_RUST")) variables.emplace_back("RUSTC=none");
  const auto add = [&](std::string_view variable, std::string_view value) {
    if (!value.empty() && is_plain(value)) variables.push_back(fmt::format("{}={}", variable, value));
  };
  add("KBUILD_BUILD_USER", defined(identity, "LINUX_COMPILE_BY"));
  add("KBUILD_BUILD_HOST", defined(identity, "LINUX_COMPILE_HOST"));
  // "#1 SMP PREEMPT_DYNAMIC Debian 6.1.187-1 (2026-09-07)": number, flags from the config, and the rest.
  static const std::regex form("#([0-9]+) ((SMP|PREEMPT[A-Z_]*) )*(.*)");
  std::smatch parts;
  const auto uts_version = defined(identity, "UTS_VERSION");
  if (uts_version.size() <= 64 && std::regex_match(uts_version, parts, form)) {
    add("KBUILD_BUILD_VERSION", parts[1].str());
    add("KBUILD_BUILD_VERSION_TIMESTAMP", parts[4].str());
  }
  return variables;
}

fs::path pahole_stand_in(const Kit& kit) { return kit.root / "pahole"; }

}  // namespace suture::kit
