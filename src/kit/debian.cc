#include "kit/debian.h"

#include <fmt/chrono.h>

#include <ctime>

#include "base/version.h"
#include "kit/deb.h"
#include "kit/debian_packages.h"
#include "kit/debian_unpack.h"
#include "kit/kbuild.h"
#include "kit/prepare.h"
#include "kit/release.h"
#include "kit/stopwatch.h"
#include "kit/store.h"
#include "kit/toolchain.h"

namespace suture::kit {
namespace {

Status check_supported(std::string_view release) {
  TRY(check_release(release));
  if (!release.ends_with("amd64")) return fail("{}: only kernels for amd64 are supported", release);
  if (release.find("-rt-") != std::string_view::npos)
    return fail("{}: real-time kernels are not supported: their patches are not in the source package", release);
  return {};
}

// What the headers package alone tells, before anything large is fetched.
struct Shipped {
  KernelConfig config;
  std::string identity;
};

Result<Shipped> read_headers_package(const fs::path& deb, std::string_view release) {
  const auto tree = fmt::format("usr/src/linux-headers-{}", release);
  const auto name = fmt::format("{} > {}/.config", deb.string(), tree);
  const auto config = TRY(read_deb_file(deb, tree + "/.config"));
  Shipped shipped{.config = TRY(KernelConfig::parse(config, name)), .identity = {}};
  for (const auto* header : {"compile.h", "utsversion.h"})
    shipped.identity += read_deb_file(deb, fmt::format("{}/include/generated/{}", tree, header)).value_or("");
  return shipped;
}

Status make_kit(Kit& kit, const KernelPackages& packages, const AddOptions& options, const fs::path& cache,
                Progress& progress) {
  Stopwatch total, watch;
  const auto headers = TRY(fetch(packages.headers, downloads(cache), progress));
  const auto shipped = TRY(read_headers_package(headers, kit.release));
  kit.compiler = TRY(compiler_command(shipped.config));
  kit.compiler_version = shipped.config.value("CONFIG_CC_VERSION_TEXT");
  TRY(check_tools(kit.compiler));
  TRY(check_compiler(kit.compiler, kit.compiler_version));
  kit.ibt = shipped.config.enabled("CONFIG_X86_KERNEL_IBT");
  kit.make_variables = make_variables(kit, shipped.config, shipped.identity);

  const auto image = TRY(fetch(packages.image, downloads(cache), progress));
  const auto source = TRY(fetch(packages.source, downloads(cache), progress));
  kit.seconds.download = watch.lap();
  TRY(unpack_packages(kit, {.image = image, .headers = headers, .source = source}, progress));
  kit.seconds.unpack = watch.lap();
  TRY(prepare_build(kit, progress));
  watch.lap();
  if (options.finish) TRY(options.finish(kit));
  kit.seconds.prepare += watch.lap();
  progress.stage("writing to the disk");
  kit.bytes = TRY(bytes_on_disk(kit.root));
  kit.created = fmt::format("{:%FT%TZ}", fmt::gmtime(std::time(nullptr)));
  kit.created_by = version();
  TRY(sync_kit(kit));
  kit.seconds.sync = watch.lap();
  kit.seconds.total = total.lap();
  return save_kit(kit);
}

}  // namespace

Result<Kit> add_debian_kit(std::string_view release, const AddOptions& options, Progress& progress) {
  TRY(check_supported(release));
  const auto cache = TRY(cache_directory());
  TRY(make_directories(downloads(cache)));
  progress.stage(fmt::format("waiting for another run to finish the kit of {}", release));
  const auto lock = TRY(lock_kit(cache, release));
  if (auto kit = open_kit(release)) return kit;
  TRY(discard_kit(cache, release));

  progress.stage("looking for packages");
  const auto packages = TRY(find_packages(release, options.deb_dir, downloads(cache)));
  Kit kit{.release = std::string(release),
          .series = series_of(release),
          .package_version = packages.image.version,
          .root = kit_root(cache, release)};
  auto made = make_kit(kit, packages, options, cache, progress);
  progress.stage("");
  if (!made) {
    TRY(discard_kit(cache, release));
    return fail(std::move(made).error(), "making the kit of {}", release);
  }
  return kit;
}

}  // namespace suture::kit
