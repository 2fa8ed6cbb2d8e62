// diff_bench RELEASE FIX.patch... [Google Benchmark's options]
//
// How long the passes take over one object, apart from reading it: of each file that a fix names, the
// original's object and the fixed one's, from the kit's object cache or compiled for it.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <deque>
#include <memory>

#include "builder/compile/compile.h"
#include "builder/fix/prepare_fix.h"
#include "builder/shipped.h"
#include "builder/sources/affected.h"
#include "patch/diff.h"

namespace suture {
namespace {

struct Pair {
  std::string source;
  Bytes original, patched;
};

Status compile_pairs(const kit::Kit& kit, const fs::path& diff, std::deque<Pair>& pairs) {
  const auto fix = TRY(builder::prepare_fixes({diff}, kit.source()));
  const auto affected = TRY(builder::find_affected(kit, fix.files, 1));
  const auto compiler = TRY(builder::Compiler::open(kit));
  for (const auto& object : affected.changed) {
    auto original = TRY(compiler.original(object, builder::Layout::typed));
    auto patched = TRY(compiler.patched(object, builder::Layout::typed, fix.tree, original.dependencies));
    pairs.push_back({object.source, std::move(original.object), std::move(patched.object)});
  }
  return {};
}

Result<patch::Unit> read(const Pair& pair) {
  auto original = TRY(elf::read_object(pair.original, pair.source));
  auto patched = TRY(elf::read_object(pair.patched, pair.source));
  return patch::Unit{.source = pair.source, .original = std::move(original), .patched = std::move(patched)};
}

void time_reading(benchmark::State& state, const Pair& pair) {
  for (auto _ : state) {
    auto unit = read(pair);
    benchmark::DoNotOptimize(unit);
  }
}

void time_diff(benchmark::State& state, const Pair& pair, const patch::EntrySizes& sizes) {
  const auto unit = read(pair);
  for (auto _ : state) {
    auto delta = unit ? patch::diff(*unit, sizes) : fail(unit.error());
    if (!delta) return state.SkipWithError(delta.error().message().c_str());
    state.counters["functions"] = static_cast<double>(delta->functions.size());
  }
  state.counters["kilobytes"] = static_cast<double>(pair.original.size()) / 1e3;
}

Status run(int count, char** arguments) {
  if (count < 3) return fail("usage: diff_bench RELEASE FIX.patch...");
  const auto kit = TRY(kit::open_kit(arguments[1]));
  const auto shipped = TRY(builder::ShippedFiles::open(kit));
  const auto sizes = shipped->entry_sizes();
  std::deque<Pair> pairs;
  for (int i = 2; i < count; ++i) TRY(compile_pairs(kit, arguments[i], pairs));
  for (const auto& pair : pairs) {
    benchmark::RegisterBenchmark(("read " + pair.source).c_str(), time_reading, std::cref(pair))
        ->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark(("diff " + pair.source).c_str(), time_diff, std::cref(pair), std::cref(sizes))
        ->Unit(benchmark::kMillisecond);
  }
  benchmark::RunSpecifiedBenchmarks();
  return {};
}

}  // namespace
}  // namespace suture

int main(int count, char** arguments) {
  benchmark::Initialize(&count, arguments);
  const auto done = suture::run(count, arguments);
  if (!done) fmt::print(stderr, "diff_bench: {}\n", done.error().describe());
  return done ? 0 : 1;
}
