#include "builder/build.h"

#include <sys/resource.h>

#include <algorithm>
#include <cctype>
#include <future>
#include <mutex>
#include <set>

#include "base/digest.h"
#include "base/parallel.h"
#include "base/version.h"
#include "builder/apply.h"
#include "builder/compile.h"
#include "builder/fix.h"
#include "builder/includers.h"
#include "builder/kbuild.h"
#include "builder/line_marks.h"
#include "builder/scaffold.h"
#include "builder/shipped.h"
#include "check/check.h"
#include "check/shipped_kernel.h"
#include "kit/stopwatch.h"
#include "patch/diff.h"
#include "patch/emit.h"
#include "patch/match.h"
#include "patch/scaffold.h"
#include "trust/module_signature.h"

namespace suture::builder {
namespace {

using patch::Refusal;

// One way in which a source file is compiled, on its way through the passes.
struct Unit {
  std::string source;
  bool in_fix = false;  // the fix changes it; else it only includes what the fix changes
  KbuildObject how;
  std::string object;    // "vmlinux" or the module's name
  bool is_same = false;  // compiles to the same object with the fix
  elf::Object plain = {}, original = {}, patched = {};
  patch::Delta delta = {};
  patch::MatchResult match = {};
};

std::string module_name(const std::string& stem) {
  std::string name;
  for (const char c : stem)
    name += std::isalnum(static_cast<unsigned char>(c)) != 0
                ? static_cast<char>(std::tolower(static_cast<unsigned char>(c)))
                : '_';
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name.front())) != 0) name = "fix_" + name;
  constexpr std::size_t longest = 55;  // include/linux/moduleparam.h: MODULE_NAME_LEN is 56 with its NUL
  return name.substr(0, longest);
}

class Build {
 public:
  Build(const BuildRequest& request, Progress& progress) : request_(request), progress_(progress) {}

  Result<BuildReport> run() {
    TRY(begin());
    // Reading the shipped kernel takes as long as a compile, and needs nothing of the fix.
    auto reading = std::async(std::launch::async, [&] { return ShippedFiles::open(request_.kit); });
    auto passes = [&]() -> Status {
      TRY(read_fix());
      if (!stopped()) TRY(find_units());
      if (!stopped()) TRY(compile_units());
      return {};
    }();
    progress_.stage("reading the shipped kernel");
    auto shipped = reading.get();
    if (!passes) return fail(std::move(passes).error());
    shipped_ = TRY(std::move(shipped));
    report_.kernel_build_id = shipped_->image().build_id();
    if (shipped_->has_module(report_.name)) {
      return fail(Error(fmt::format("{} has a module of its own called {}: the live patch needs another name",
                                    report_.kernel, report_.name))
                      .advise(fmt::format("give one with --name, fix_{} say", report_.name)));
    }
    lap("shipped kernel");
    if (!stopped()) TRY(diff_units());
    if (!stopped()) TRY(match_units());
    if (!stopped()) TRY(emit_module());
    return finish();
  }

 private:
  bool stopped() const { return !report_.refusals.empty(); }

  Status begin() {
    report_.kernel = request_.kit.release;
    report_.package_version = request_.kit.package_version;
    report_.compiler = request_.kit.compiler_version;
    report_.created_by = version();
    report_.name = request_.name.empty() ? module_name(request_.fix.stem().string()) : request_.name;
    if (report_.name != module_name(report_.name)) {
      return fail(Error(fmt::format("'{}' cannot name a module", report_.name))
                      .advise("use up to 55 of a-z, 0-9 and _, beginning with a letter"));
    }
    TRY(make_directories(request_.output));
    // A module of an earlier build must not stand beside the report of this one.
    TRY(remove_tree(path_of(".ko")));
    return remove_tree(path_of(".report.json"));
  }

  fs::path path_of(std::string_view suffix) const { return request_.output / (report_.name + std::string(suffix)); }

  Status read_fix() {
    progress_.stage("reading the fix");
    const auto text = TRY(read_text(request_.fix));
    auto fix = TRY(parse_fix(text, request_.fix.string()));
    auto applied = TRY(apply_fix(fix, request_.kit.source()));
    report_.fix = {.file = request_.fix.filename().string(),
                   .digest = sha256_hex(as_bytes(text)),
                   .subject = fix.subject,
                   .author = fix.author,
                   .cves = fix.cves,
                   .sources = {}};
    auto& cves = report_.fix.cves;
    cves.insert(cves.end(), request_.cves.begin(), request_.cves.end());
    std::sort(cves.begin(), cves.end());
    cves.erase(std::unique(cves.begin(), cves.end()), cves.end());
    files_ = std::move(applied.files);
    for (const auto& file : files_) report_.fix.sources.push_back(file.path);
    // <suture.h> appears beside the kernel's own headers.
    const auto header = patch::author_header();
    const auto wants_header = [&](const PatchedFile& file) {
      return file.patched.find(header.name) != std::string::npos;
    };
    if (std::any_of(files_.begin(), files_.end(), wants_header)) {
      files_.push_back({.path = "include/" + std::string(header.name),
                        .original = {},
                        .patched = std::string(header.text),
                        .created = true});
    }
    take(applied.refusals, applied.warnings);
    for (auto& file : files_) {
      if (file.created) continue;
      const auto changes = TRY(find_changes(file.original, file.patched), "{}", file.path);
      file.patched = keep_line_numbers(file.patched, changes);
    }
    lap("apply");
    return {};
  }

  // Every way in which this config compiles the fix's files, and what includes them: a header is
  // compiled into each of its users, and some sources are compiled only as a part of another.
  Status find_units() {
    progress_.stage("asking kbuild");
    std::vector<std::string> sources;
    for (const auto& file : files_) {
      if (file.path.ends_with(".c")) sources.push_back(file.path);
    }
    auto missing = TRY(add_units(sources, true));
    for (const auto& file : files_) {
      if (!file.path.ends_with(".c") && !file.created) missing.push_back(file.path);
    }
    TRY(add_includers(missing));
    lap("kbuild");
    return {};
  }

  // Returns those that are not compiled by themselves.
  Result<std::vector<std::string>> add_units(const std::vector<std::string>& sources, bool in_fix) {
    std::vector<std::string> missing;
    const auto answers = TRY(ask_kbuild(request_.kit, sources));
    for (std::size_t i = 0; i < sources.size(); ++i) {
      const auto before = units_.size();
      for (const auto& how : answers[i]) {
        if (how.in_vmlinux) units_.push_back({.source = sources[i], .in_fix = in_fix, .how = how, .object = "vmlinux"});
        for (const auto& module : how.modules) {
          units_.push_back({.source = sources[i], .in_fix = in_fix, .how = how, .object = kit::module_name(module)});
        }
      }
      if (units_.size() == before) missing.push_back(sources[i]);
    }
    return missing;
  }

  Status add_includers(const std::vector<std::string>& included) {
    if (included.empty()) return {};
    progress_.stage("looking for what includes the changed files");
    const auto includers = TRY(Includers::open(request_.kit));
    std::set<std::string> sources;
    for (const auto& path : included) {
      std::vector<std::string> reached;
      for (auto& source : includers.sources_reaching(path)) {
        if (source.ends_with(".c")) reached.push_back(std::move(source));
      }
      if (reached.size() > request_.max_files) {
        refuse("header-reach", path,
               fmt::format("up to {} source files include it, more than {}: each must be compiled to know what changes",
                           reached.size(), request_.max_files),
               fmt::format("make the change in the source files that need it, or allow more with --max-files {}",
                           reached.size()));
        continue;
      }
      sources.insert(reached.begin(), reached.end());
    }
    if (stopped()) return {};
    for (const auto& unit : units_) sources.erase(unit.source);
    const auto before = units_.size();
    const auto not_compiled = TRY(add_units({sources.begin(), sources.end()}, false));
    for (const auto& path : included) {
      if (path.ends_with(".c") && units_.size() == before) {
        refuse("not-compiled", path,
               "this kernel's configuration does not compile the file, so that there is nothing to patch",
               "leave the file out of the fix for this kernel");
      }
    }
    static_cast<void>(not_compiled);
    return {};
  }

  // The original twice at once; what it read is then known, and the fixed one needs little more. Of
  // sources that only include what changed most come out the same: they are not compiled as shipped.
  Status compile_units() {
    progress_.stage("compiling");
    compiler_ = TRY(Compiler::open(request_.kit));
    std::vector<Compiled> sectioned(units_.size());
    const auto compile_original = [&](std::size_t i) -> Status {
      auto& unit = units_[i / 2];
      if (i % 2 == 0) {
        if (unit.in_fix) TRY(compile_as_shipped(unit));
      } else {
        sectioned[i / 2] = TRY(compiler_->original(unit.how, Layout::sectioned));
        finished(sectioned[i / 2], units_.size());
      }
      return {};
    };
    TRY(for_each_parallel(units_.size() * 2, compile_original));
    const auto compile_patched = [&](std::size_t i) -> Status {
      auto& unit = units_[i];
      const auto compiled = TRY(compiler_->patched(unit.how, files_, sectioned[i].dependencies));
      finished(compiled, units_.size());
      unit.is_same = compiled.object == sectioned[i].object;
      if (unit.is_same) return {};
      unit.original = TRY(elf::read_object(sectioned[i].object, unit.source + " (original)"));
      unit.patched = TRY(elf::read_object(compiled.object, unit.source + " (patched)"));
      return {};
    };
    TRY(for_each_parallel(units_.size(), compile_patched));
    std::erase_if(units_, [](const Unit& unit) { return unit.is_same; });
    scaffold_ = TRY(compile_scaffold(request_.kit));
    lap("compile");
    return {};
  }

  Status compile_as_shipped(Unit& unit) {
    const auto compiled = TRY(compiler_->original(unit.how, Layout::shipped));
    unit.plain = TRY(elf::read_object(compiled.object, unit.source + " (as shipped)"));
    finished(compiled, units_.size());
    return {};
  }

  void finished(const Compiled& compiled, std::size_t units) {
    const std::scoped_lock lock(mutex_);
    report_.slowest_compile = std::max(report_.slowest_compile, compiled.seconds);
    progress_.at(++compiles_, units * 3);
  }

  Status diff_units() {
    progress_.stage("comparing");
    const auto sizes = shipped_->entry_sizes();
    for (auto& unit : units_) {
      unit.delta = TRY(patch::diff(
          {.source = unit.source, .object = unit.object, .original = unit.original, .patched = unit.patched}, sizes));
      take(unit.delta.refusals, unit.delta.warnings);
    }
    std::erase_if(units_, [](const Unit& unit) { return !unit.delta.has_changes(); });
    if (!stopped()) {
      const auto compile_missing = [&](std::size_t i) -> Status {
        if (!units_[i].in_fix) TRY(compile_as_shipped(units_[i]));
        return {};
      };
      TRY(for_each_parallel(units_.size(), compile_missing));
    }
    lap("diff");
    return {};
  }

  // What is replaced must be what the kernel runs: the plain build equals the shipped object, and the
  // build that the delta was cut from equals the plain one.
  Status match_units() {
    progress_.stage("matching against the shipped kernel");
    for (auto& unit : units_) {
      std::vector<std::string> names;
      for (const auto& function : unit.delta.functions) {
        if (!function.original.empty()) names.push_back(function.original);
      }
      if (unit.object == "vmlinux") {
        unit.match = TRY(patch::match_vmlinux(unit.plain, shipped_->image(), names));
      } else {
        const auto* module = TRY(shipped_->module(unit.object));
        unit.match = TRY(patch::match_module(unit.plain, *module, names));
      }
      report_.code_match.checked += unit.match.checked.size();
      report_.code_match.matched += unit.match.matched.size();
      for (const auto& mismatch : unit.match.mismatched) refuse_mismatch(unit, mismatch);
      for (const auto& difference : patch::compare_builds(unit.plain, unit.original)) {
        if (std::find(names.begin(), names.end(), difference.function) == names.end()) continue;
        refuse("build-variance", unit.source + ": " + difference.function,
               fmt::format("compiled with one section a function, the code is another: +{:#x}: {} instead of {}",
                           difference.offset, difference.shipped, difference.rebuilt),
               "report this as a fault of Suture, with the fix");
      }
    }
    lap("match");
    return {};
  }

  void refuse_mismatch(const Unit& unit, const patch::Mismatch& mismatch) {
    report_.code_match.mismatched.push_back(
        {unit.source, mismatch.function, mismatch.offset, mismatch.rebuilt, mismatch.shipped});
    const auto place = unit.source + ": " + mismatch.function;
    if (mismatch.difference == patch::Difference::overridden) {
      refuse("weak-function", place,
             "the function is __weak here, and the kernel runs another definition: " + mismatch.shipped,
             "fix the definition that is in use");
      return;
    }
    refuse("code-mismatch", place,
           fmt::format("the rebuilt original is not what {} runs ({}): +{:#x}: rebuilt {}, shipped {}", unit.object,
                       patch::to_string(mismatch.difference), mismatch.offset, mismatch.rebuilt, mismatch.shipped),
           "check that the kit's compiler is the one that built the kernel, and that the function is compiled once");
  }

  Status emit_module() {
    if (units_.empty()) return {};
    progress_.stage("writing the module");
    patch::EmitRequest emit{.name = report_.name,
                            .units = {},
                            .image = &shipped_->image(),
                            .symvers = &shipped_->symvers(),
                            .vermagic = shipped_->vermagic(),
                            .scaffold = &scaffold_,
                            .modinfo = {},
                            .cves = report_.fix.cves};
    for (const auto& unit : units_) {
      const image::ShippedModule* module = nullptr;
      if (unit.object != "vmlinux") module = TRY(shipped_->module(unit.object));
      emit.units.push_back({.delta = &unit.delta, .match = &unit.match, .object = unit.object, .module = module});
    }
    auto emitted = TRY(patch::emit(emit));
    take(emitted.refusals, emitted.warnings);
    lap("emit");
    if (stopped()) return {};
    describe(emitted);
    return check_and_write(std::move(emitted.module));
  }

  void describe(const patch::EmitResult& emitted) {
    for (const auto& object : emitted.objects) {
      ReportedObject reported{.name = object.name, .build_id = report_.kernel_build_id, .functions = {}};
      for (const auto& unit : units_) {
        if (unit.object == object.name && unit.object != "vmlinux") {
          if (const auto module = shipped_->module(unit.object)) reported.build_id = (*module)->build_id();
        }
      }
      for (const auto& function : emitted.functions) {
        if (function.object == object.name)
          reported.functions.push_back(
              {function.name, function.position, std::string(patch::to_string(function.why)), function.source});
      }
      report_.objects.push_back(std::move(reported));
    }
  }

  Status check_and_write(Bytes module) {
    progress_.stage("checking");
    const auto shipped =
        TRY(check::ShippedKernel::open(shipped_->image(), shipped_->symvers(), request_.kit.modules()));
    const auto checked = TRY(check::check_module(module, report_.name + ".ko", *shipped));
    if (!checked.is_clean()) {
      std::string findings;
      for (const auto& finding : checked.findings)
        findings += fmt::format("\n  {}: {}: {}", finding.id, finding.place, finding.reason);
      return fail(Error("the verifier rejects the module that was made:" + findings)
                      .advise("this is a fault of Suture: please report it with the fix"));
    }
    if (request_.signing) module = TRY(sign(module));
    lap("check");
    report_.module = path_of(".ko").string();
    report_.module_digest = sha256_hex(module);
    TRY(write_file(path_of(".ko"), module));
    return {};
  }

  Result<Bytes> sign(const Bytes& module) const {
    const auto key = TRY(read_text(request_.signing->key));
    const auto certificate = TRY(read_text(request_.signing->certificate));
    return trust::append_module_signature(module, key, certificate);
  }

  Result<BuildReport> finish() {
    report_.outcome = stopped() ? "refused" : units_.empty() ? "no change" : "built";
    struct rusage usage {};
    getrusage(RUSAGE_SELF, &usage);
    report_.peak_memory = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
    progress_.stage("");
    TRY(write_text(path_of(".report.json"), to_json(report_)));
    return std::move(report_);
  }

  void lap(std::string phase) {
    const auto seconds = clock_.lap();
    report_.seconds += seconds;
    report_.phases.push_back({std::move(phase), seconds});
  }
  void refuse(std::string code, std::string place, std::string reason, std::string advice) {
    report_.refusals.push_back({std::move(code), std::move(place), std::move(reason), std::move(advice)});
  }
  void take(const std::vector<Refusal>& refusals, const std::vector<patch::Warning>& warnings) {
    report_.refusals.insert(report_.refusals.end(), refusals.begin(), refusals.end());
    report_.warnings.insert(report_.warnings.end(), warnings.begin(), warnings.end());
  }

  const BuildRequest& request_;
  Progress& progress_;
  std::mutex mutex_;  // while compilers run: guards report_.slowest_compile and compiles_
  kit::Stopwatch clock_;
  BuildReport report_;
  std::vector<PatchedFile> files_;
  std::vector<Unit> units_;
  std::optional<Compiler> compiler_;
  std::size_t compiles_ = 0;
  elf::Object scaffold_;
  std::unique_ptr<ShippedFiles> shipped_;
};

}  // namespace

Result<BuildReport> build(const BuildRequest& request, Progress& progress) { return Build(request, progress).run(); }

}  // namespace suture::builder
