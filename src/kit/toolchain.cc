#include "kit/toolchain.h"

#include <fmt/ranges.h>

#include <regex>
#include <set>
#include <vector>

#include "base/file.h"
#include "base/process.h"

namespace suture::kit {
namespace {

struct Need {
  std::string what;  // a program in PATH, or a header's absolute path
  std::string package;
};

bool is_there(const Need& need) {
  return need.what.starts_with('/') ? fs::exists(need.what) : program_exists(need.what);
}

// Debian has x86_64-linux-gnu-gcc-12 in the package gcc-12.
std::string compiler_package(std::string_view compiler) { return std::string(compiler.substr(compiler.rfind("gcc"))); }

}  // namespace

Result<std::string> compiler_command(const KernelConfig& shipped) {
  const auto text = shipped.value("CONFIG_CC_VERSION_TEXT");
  const std::string command(text.substr(0, text.find(' ')));
  static const std::regex gcc("([a-z0-9_]{1,20}-){0,4}gcc(-[0-9.]{1,10})?");
  if (!std::regex_match(command, gcc)) {
    return fail("the kernel was compiled by '{}' (CONFIG_CC_VERSION_TEXT); only kernels compiled by GCC are supported",
                text.substr(0, 80));
  }
  return command;
}

Status check_compiler(const std::string& compiler, std::string_view version_text) {
  const auto said = TRY(run_checked({.argv = {compiler, "--version"}, .environment = {{"LC_ALL", "C"}}}));
  const auto installed = std::string_view(said.output).substr(0, said.output.find('\n'));
  if (installed == version_text) return {};
  return fail(
      Error(fmt::format("the kernel was compiled by '{}', but the installed {} is '{}'", version_text, compiler,
                        installed))
          .advise(fmt::format("Install the version of {} that the kernel names; other compilers make other code, which "
                              "could not be matched with the shipped kernel's.",
                              compiler_package(compiler))));
}

Status check_tools(const std::string& compiler) {
  const std::vector<Need> needs{{compiler, compiler_package(compiler)},
                                {"make", "make"},
                                {"ld", "binutils"},
                                {"flex", "flex"},
                                {"bison", "bison"},
                                {"bc", "bc"},
                                {"/usr/sbin/depmod", "kmod"},
                                {"/usr/include/stdio.h", "libc6-dev"},
                                {"/usr/include/libelf.h", "libelf-dev"},
                                {"/usr/include/zlib.h", "zlib1g-dev"},
                                {"/usr/include/openssl/ssl.h", "libssl-dev"}};
  std::vector<std::string> missing;
  std::set<std::string> packages;
  for (const auto& need : needs) {
    if (is_there(need)) continue;
    missing.push_back(need.what);
    packages.insert(need.package);
  }
  if (missing.empty()) return {};
  return fail(Error(fmt::format("preparing a kernel tree needs what is not installed: {}", fmt::join(missing, ", ")))
                  .advise(fmt::format("Install it: apt-get install {}", fmt::join(packages, " "))));
}

}  // namespace suture::kit
