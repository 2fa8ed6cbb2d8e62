// Kconfig does not only take options from .config, it also asks the machine: for the versions of
// compiler, assembler, linker, pahole and rustc. If an answer differs from the one the distribution's
// builder gave, options change, and with them struct layouts and code. So the final config is
// compared, and the two programs that are asked for but have no part in compiling an object do not
// answer themselves: a stand-in names the pahole version that the shipped config names, and there is
// no rustc.
#include "kit/prepare.h"

#include <fmt/ranges.h>

#include "base/process.h"
#include "kit/kbuild.h"
#include "kit/stopwatch.h"

namespace suture::kit {
namespace {

constexpr std::size_t most_named = 20;

std::string named(const std::vector<std::string>& all) {
  const auto shown = std::min(all.size(), most_named);
  auto text = fmt::format("{}", fmt::join(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(shown), "; "));
  if (shown < all.size()) text += fmt::format("; and {} more", all.size() - shown);
  return text;
}

// scripts/pahole-version.sh turns "v1.24" into CONFIG_PAHOLE_VERSION=124.
Status write_pahole_stand_in(const Kit& kit, const KernelConfig& shipped) {
  const auto version = shipped.value("CONFIG_PAHOLE_VERSION");
  if (version.empty() || version == "0") return {};
  if (version.size() < 2 || version.find_first_not_of("0123456789") != std::string_view::npos)
    return fail("{}: CONFIG_PAHOLE_VERSION is '{}'", kit.config().string(), version);
  const auto path = pahole_stand_in(kit);
  TRY(write_text(path, fmt::format("#!/bin/sh\necho v{}.{}\n", version.substr(0, 1), version.substr(1))));
  std::error_code code;
  fs::permissions(path, fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec, fs::perm_options::add,
                  code);
  if (code) return fail("{}: cannot make it executable: {}", path.string(), code.message());
  return {};
}

Result<KernelConfig> read_config(const fs::path& path) {
  const auto text = TRY(read_text(path));
  return KernelConfig::parse(text, path.string());
}

// The shipped headers are those below include/ and arch/ of the package that modules are built with.
Status check_same_headers(const Kit& kit) {
  const auto shipped = shipped_headers(kit);
  std::vector<std::string> different;
  std::error_code code;
  for (const auto& entry : fs::recursive_directory_iterator(shipped, code)) {
    if (!entry.is_regular_file()) continue;
    const auto name = entry.path().lexically_relative(shipped);
    // Made only when the kernel is linked.
    if (name.filename() == "utsversion.h") continue;
    const auto expected = TRY(read_text(entry.path()));
    const auto built = read_text(kit.build() / name);
    if (!built || *built != expected) different.push_back(name.string());
  }
  if (code) return fail("{}: cannot list: {}", shipped.string(), code.message());
  if (different.empty()) return {};
  return fail("generated headers differ from the shipped ones: {}", named(different));
}

}  // namespace

fs::path shipped_headers(const Kit& kit) { return kit.root / "shipped" / "headers"; }

Status check_same_config(const KernelConfig& shipped, const KernelConfig& built) {
  const auto found = differences(shipped, built);
  if (found.empty()) return {};
  std::vector<std::string> lines;
  for (const auto& difference : found)
    lines.push_back(fmt::format("{} is {} instead of {}", difference.option, difference.built, difference.shipped));
  return fail(Error(fmt::format("the kernel's configuration comes out differently on this machine: {}", named(lines)))
                  .advise("Use the compiler and binutils of the release that the kernel was built on; a container of "
                          "that release will do."));
}

Status prepare_build(Kit& kit, Progress& progress) {
  progress.stage("configuring");
  Stopwatch watch;
  const auto shipped = TRY(read_config(kit.config()));
  TRY(make_directories(kit.build()));
  TRY(make_directories(kit.cache()));
  TRY(write_pahole_stand_in(kit, shipped));
  TRY(suture::copy_file(kit.config(), kit.build() / ".config"));
  TRY(run_checked(kbuild(kit, {"olddefconfig"})));
  const auto built = TRY(read_config(kit.build() / ".config"));
  TRY(check_same_config(shipped, built));
  kit.seconds.configure = watch.lap();

  progress.stage("preparing the build tree");
  TRY(suture::copy_file(kit.symvers(), kit.build() / "Module.symvers"));
  TRY(run_checked(kbuild(kit, {"modules_prepare"})));
  TRY(check_same_headers(kit));
  kit.seconds.prepare = watch.lap();
  return {};
}

}  // namespace suture::kit
