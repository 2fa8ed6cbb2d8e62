#include "builder/compare/compare_sources.h"

#include <algorithm>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <set>

#include "base/parallel.h"
#include "builder/compile/compiler_warnings.h"
#include "builder/sources/classify.h"

namespace suture::builder {
namespace {

struct Source {
  const KbuildObject* how = nullptr;
  bool must_stay = false;
  std::optional<ChangedSource> changed = {};
};

// Work is handed out in this order, to as many threads as there are processors: of each file that the
// fix names, the original twice, then all fixed ones, then the files that include what has changed.
// So with two processors a fix of one file takes two compiles' time.
class Comparing {
 public:
  Comparing(const Compiler& compiler, const Affected& affected, const std::vector<PatchedFile>& fix, Progress& progress)
      : compiler_(compiler), fix_(fix), progress_(progress) {
    for (const auto& object : affected.changed) named_.push_back({.how = &object});
    for (const auto& object : affected.reached) others_.push_back({.how = &object});
    for (const auto& object : affected.fixed) others_.push_back({.how = &object, .must_stay = true});
  }

  Result<SourceComparison> run() {
    originals_.resize(named_.size());
    shipped_.resize(named_.size());
    for (std::size_t i = 0; i < named_.size(); ++i) {
      jobs_.emplace_back([this, i] { return compile_original(i); });
      jobs_.emplace_back([this, i] { return compile_shipped(i); });
    }
    for (std::size_t i = 0; i < named_.size(); ++i) jobs_.emplace_back([this, i] { return compile_named(i); });
    for (auto& source : others_) jobs_.emplace_back([this, &source] { return compile_other(source); });

    const auto work = [this](std::size_t i) -> Status {
      TRY(jobs_[i]());
      const std::scoped_lock lock(mutex_);
      progress_.at(++done_, jobs_.size());
      return {};
    };
    TRY(for_each_parallel(jobs_.size(), work));
    return collect();
  }

 private:
  // What compiling the original gave, or nothing if that has failed: whoever waits must not wait on.
  using Original = std::shared_ptr<const Compiled>;

  void note(const Compiled& compiled) {
    const std::scoped_lock lock(mutex_);
    result_.slowest_compile = std::max(result_.slowest_compile, compiled.seconds);
  }

  Result<Compiled> original(const KbuildObject& how, Layout layout) {
    auto compiled = TRY(compiler_.original(how, layout));
    note(compiled);
    return compiled;
  }

  Status compile_original(std::size_t i) {
    auto compiled = original(*named_[i].how, layout_of(named_[i]));
    originals_[i].set_value(compiled ? std::make_shared<const Compiled>(std::move(*compiled)) : nullptr);
    return compiled ? Status() : fail(std::move(compiled).error());
  }

  Status compile_shipped(std::size_t i) {
    shipped_[i] = TRY(original(*named_[i].how, Layout::shipped)).object;
    return {};
  }

  Status compile_named(std::size_t i) {
    const auto before = originals_[i].get_future().get();
    return before ? compile_patched(named_[i], *before) : Status();
  }

  // What must stay may be no object of the kernel at all (the vDSO for 32 bits), and is compared whole.
  static Layout layout_of(const Source& source) { return source.must_stay ? Layout::sectioned : Layout::typed; }

  Status compile_other(Source& source) {
    if (!source.must_stay && !TRY(expands_differently(*source.how))) return {};
    const auto before = original(*source.how, layout_of(source));
    if (!before && source.must_stay) {
      // Its rule is told flags by what it becomes a part of (arch/x86/entry/vdso/Makefile: those for 32 bits), which
      // asking for it alone does not show. That its code changes cannot be ruled out.
      source.changed = unread(source);
      return {};
    }
    if (!before) return fail(before.error());
    return compiler_.has_read(*before, fix_) ? compile_patched(source, *before) : Status();
  }

  static ChangedSource unread(const Source& source) {
    return {.how = *source.how, .original = {}, .patched = {}, .shipped = {}};
  }

  // A header that reaches many sources changes few of them: what is the same to the compiler is not compiled.
  Result<bool> expands_differently(const KbuildObject& how) {
    const auto before = TRY(original(how, Layout::expanded));
    if (!compiler_.has_read(before, fix_)) return false;
    const auto after = TRY(compiler_.patched(how, Layout::expanded, fix_, before.dependencies));
    return after.object != before.object;
  }

  Status compile_patched(Source& source, const Compiled& before) {
    const auto after = TRY(compiler_.patched(*source.how, layout_of(source), fix_, before.dependencies));
    note(after);
    {
      const std::scoped_lock lock(mutex_);
      ++result_.compared;
    }
    const auto& path = source.how->source;
    if (after.object == before.object) return {};
    if (!source.must_stay && TRY(equal_but_for_types(after.object, before.object, path))) return {};
    source.changed = unread(source);
    if (source.must_stay) return {};
    warn(new_warnings(before.warnings, after.warnings));
    source.changed->original = TRY(elf::read_object(before.object, path + " (original)"));
    source.changed->patched = TRY(elf::read_object(after.object, path + " (with the fix)"));
    return {};
  }

  Result<SourceComparison> collect() {
    for (std::size_t i = 0; i < named_.size(); ++i) {
      if (!named_[i].changed) continue;
      auto& changed = result_.changed.emplace_back(std::move(*named_[i].changed));
      changed.shipped = TRY(read_shipped(shipped_[i], changed.how.source + " (as shipped)"));
    }
    for (auto& source : others_) {
      if (!source.changed) continue;
      if (source.must_stay) {
        refuse(source.how->source);
      } else {
        result_.changed.push_back(std::move(*source.changed));
      }
    }
    for (const auto& [file, function, text] : warnings_) {
      result_.warnings.push_back({"compiler-warning", function.empty() ? file : fmt::format("{}: {}", file, function),
                                  "is warned of with the fix, and not without: " + text});
    }
    return std::move(result_);
  }

  // Once for all files that include a header.
  void warn(const std::vector<CompilerWarning>& added) {
    const std::scoped_lock lock(mutex_);
    warnings_.insert(added.begin(), added.end());
  }

  void refuse(const std::string& path) {
    if (outside_text(path) == OutsideText::embedded) {
      result_.refusals.push_back(embedded_code_refusal(path));
      return;
    }
    result_.refusals.push_back({"assembly-file", path, "the fix changes a header that assembly uses, and so its code",
                                "make the change in the C sources that need it, or plan a new kernel and a reboot"});
  }

  const Compiler& compiler_;
  const std::vector<PatchedFile>& fix_;
  Progress& progress_;
  std::vector<Source> named_, others_;
  std::vector<std::promise<Original>> originals_;
  std::vector<Bytes> shipped_;
  std::vector<std::function<Status()>> jobs_;
  std::mutex mutex_;  ///< guards done_, warnings_ and the counts in result_
  std::set<CompilerWarning> warnings_;
  std::size_t done_ = 0;
  SourceComparison result_;
};

}  // namespace

Result<SourceComparison> compare_sources(const Compiler& compiler, const Affected& affected,
                                         const std::vector<PatchedFile>& fix, Progress& progress) {
  return Comparing(compiler, affected, fix, progress).run();
}

Result<double> compile_as_shipped(const Compiler& compiler, const std::vector<ChangedSource*>& sources) {
  std::mutex mutex;
  double slowest = 0;
  const auto compile = [&](std::size_t i) -> Status {
    auto& source = *sources[i];
    if (source.shipped) return {};
    const auto compiled = TRY(compiler.original(source.how, Layout::shipped));
    source.shipped = TRY(read_shipped(compiled.object, source.how.source + " (as shipped)"));
    const std::scoped_lock lock(mutex);
    slowest = std::max(slowest, compiled.seconds);
    return {};
  };
  TRY(for_each_parallel(sources.size(), compile));
  return slowest;
}

}  // namespace suture::builder
