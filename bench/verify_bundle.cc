// How long a host takes to verify a bundle of 10 MB: metadata, signatures, every byte of the level. What is kept
// on disk afterwards is written to a directory in memory, so that no disk is measured.
//   cmake --build --preset release --target verify_bundle && build/release/bench/verify_bundle
#include <benchmark/benchmark.h>

#include "repository/bundle.h"
#include "repository/testing/published.h"
#include "repository/update.h"

namespace suture::repository {
namespace {

using testing::build_id;
using testing::Published;
using testing::release;
using trust::tuf::testing::now;

constexpr std::size_t size = 10'000'000;

/// A repository with one level of that size, and its bundle.
struct Made {
  Made() {
    std::string module(size, '\0');
    for (std::size_t i = 0; i < size; ++i) module[i] = static_cast<char>(i * 2654435761U >> 13);
    const auto manifest = trust::testing::manifest_of(1);
    repository.set_target(trust::level_path("6.1", build_id, 1),
                          trust::write_level(manifest, {{"live-patch.ko", as_bytes(module)}}).value());
    repository.write_next();
    const auto source = repository.source();
    const auto bundle = export_bundle(*source, repository.path() / "first-root.json", {release}, now).value();
    file = repository.path() / "all.bundle";
    if (!write_file(file, bundle)) std::abort();
  }
  Published repository;
  fs::path file;
};

const Made& made() {
  static const Made one;
  return one;
}

void BundleOf10MB(benchmark::State& state) {
  const auto memory = TempDir::make("/dev/shm").value();
  const auto root = made().repository.path() / "first-root.json";
  for (auto _ : state) {
    const Store store(memory.path() / "state", root);
    const auto source = bundle_source(made().file).value();
    const auto update = Update::begin(store, *source, now).value();
    if (!update->refresh() || !update->index(release, build_id) || !update->level(release, build_id, 1)) {
      state.SkipWithError("not verified");
    }
    state.PauseTiming();
    static_cast<void>(remove_tree(memory.path() / "state"));
    state.ResumeTiming();
  }
}
BENCHMARK(BundleOf10MB)->Unit(benchmark::kMillisecond);

void KeptLevelOf10MB(benchmark::State& state) {
  const auto memory = TempDir::make("/dev/shm").value();
  const Store store(memory.path(), made().repository.path() / "first-root.json");
  const auto source = bundle_source(made().file).value();
  {
    const auto update = Update::begin(store, *source, now).value();
    if (!update->refresh() || !update->level(release, build_id, 1)) state.SkipWithError("not verified");
  }
  for (auto _ : state) {
    if (!store.kept_level(release, build_id, 1)) state.SkipWithError("not verified");
  }
}
BENCHMARK(KeptLevelOf10MB)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace suture::repository

BENCHMARK_MAIN();
