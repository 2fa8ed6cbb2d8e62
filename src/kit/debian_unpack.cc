#include "kit/debian_unpack.h"

#include <sys/stat.h>

#include "base/parallel.h"
#include "base/process.h"
#include "kit/deb.h"
#include "kit/prepare.h"
#include "kit/source_tree.h"

namespace suture::kit {
namespace {

// "rest" of "prefix/rest".
std::optional<std::string_view> below(std::string_view path, std::string_view prefix) {
  if (path.size() <= prefix.size() + 1 || !path.starts_with(prefix) || path[prefix.size()] != '/') return std::nullopt;
  return path.substr(prefix.size() + 1);
}

Status check_holds(const fs::path& package, const fs::path& file) {
  if (fs::exists(file)) return {};
  return fail("{}: holds no {} for this kernel", package.string(), file.filename().string());
}

Status unpack_image(const Kit& kit, const fs::path& deb) {
  const auto modules = kit.modules().lexically_relative(kit.root);
  TRY(unpack_deb(deb, kit.root, [&](std::string_view path) -> std::optional<std::string> {
    if (path == "boot/vmlinuz-" + kit.release) return "shipped/vmlinuz";
    // Debian 13 and later have merged /lib into /usr/lib in their packages.
    for (const auto* prefix : {"lib/modules/", "usr/lib/modules/"}) {
      if (const auto rest = below(path, prefix + kit.release)) return (modules / *rest).string();
    }
    return std::nullopt;
  }));
  TRY(check_holds(deb, kit.vmlinuz()));
  TRY(check_holds(deb, kit.modules() / "kernel"));
  // The package leaves this to its installation.
  TRY(run_checked({.argv = {"/usr/sbin/depmod", "-b", (kit.root / "shipped").string(), kit.release}}));
  return check_holds(deb, kit.modules() / "modules.dep");
}

Status unpack_headers(const Kit& kit, const fs::path& deb) {
  const auto tree = fmt::format("usr/src/linux-headers-{}", kit.release);
  TRY(unpack_deb(deb, kit.root, [&](std::string_view path) -> std::optional<std::string> {
    const auto name = below(path, tree);
    if (!name) return std::nullopt;
    if (*name == ".config") return "shipped/config";
    if (*name == "Module.symvers") return "shipped/Module.symvers";
    if (below(*name, "include/generated") || below(*name, "arch/x86/include/generated"))
      return fmt::format("shipped/headers/{}", *name);
    return std::nullopt;
  }));
  TRY(check_holds(deb, kit.config()));
  TRY(check_holds(deb, kit.symvers()));
  return check_holds(deb, shipped_headers(kit) / "include/generated/asm-offsets.h");
}

Status unpack_source(const Kit& kit, const fs::path& deb, Progress& progress) {
  const auto tree = fmt::format("linux-source-{}", kit.series);
  const auto place = [&](std::string_view path) -> std::optional<std::string> {
    const auto name = below(path, tree);
    if (!name || left_out(*name)) return std::nullopt;
    return fmt::format("source/{}", *name);
  };
  TRY(unpack_deb_tarball(deb, fmt::format("usr/src/{}.tar.xz", tree), kit.root, place,
                         [&](std::size_t read, std::size_t size) { progress.at(read >> 20, size >> 20); }));
  return check_holds(deb, kit.source() / "Makefile");
}

}  // namespace

Status unpack_packages(const Kit& kit, const PackageFiles& files, Progress& progress) {
  TRY(make_directories(kit.root));
  progress.stage("unpacking, MB");
  return for_each_parallel(2, [&](std::size_t i) -> Status {
    if (i == 0) return unpack_source(kit, files.source, progress);
    TRY(unpack_headers(kit, files.headers));
    return unpack_image(kit, files.image);
  });
}

Result<std::uint64_t> bytes_on_disk(const fs::path& directory) {
  std::uint64_t blocks = 0;
  std::error_code code;
  for (const auto& entry : fs::recursive_directory_iterator(directory, code)) {
    struct stat status {};
    if (::lstat(entry.path().c_str(), &status) == 0) blocks += static_cast<std::uint64_t>(status.st_blocks);
  }
  if (code) return fail("{}: cannot list: {}", directory.string(), code.message());
  return blocks * 512;
}

}  // namespace suture::kit
