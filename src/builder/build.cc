#include "builder/build.h"

#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <future>
#include <set>

#include "base/digest.h"
#include "base/parallel.h"
#include "base/version.h"
#include "builder/compare/code_match.h"
#include "builder/compare/compare_sources.h"
#include "builder/compare/data_callbacks.h"
#include "builder/compare/diff_unit.h"
#include "builder/compare/fixed_copies.h"
#include "builder/compare/layout_changes.h"
#include "builder/compare/needed.h"
#include "builder/compare/type_mentions.h"
#include "builder/compare/uncompiled.h"
#include "builder/compile/compile.h"
#include "builder/compile/scaffold.h"
#include "builder/fix/line_marks.h"
#include "builder/fix/prepare_fix.h"
#include "builder/live_patch_name.h"
#include "builder/promotion/promotion.h"
#include "builder/shipped.h"
#include "builder/sources/affected.h"
#include "check/check.h"
#include "check/shipped_kernel.h"
#include "kit/modules_dep.h"
#include "kit/stopwatch.h"
#include "patch/emit/emit.h"
#include "trust/module_signature.h"

namespace suture::builder {
namespace {

using patch::Refusal;

constexpr std::string_view data_callbacks_suffix = ".data-callbacks.patch";

class Build {
 public:
  Build(const BuildRequest& request, Progress& progress) : request_(request), progress_(progress) {}

  Result<BuildReport> run() {
    TRY(begin());
    // Reading the shipped kernel takes as long as a compile, and needs nothing of the fix.
    auto reading = std::async(std::launch::async, [&] { return ShippedFiles::open(request_.kit); });
    auto compiled = compile_fix();
    progress_.stage("reading the shipped kernel");
    auto shipped = reading.get();
    TRY(std::move(compiled));
    shipped_ = TRY(std::move(shipped));
    report_.kernel_build_id = shipped_->image().build_id();
    if (shipped_->has_module(report_.name)) {
      return fail(Error(fmt::format("{} has a module of its own called {}: the live patch needs another name",
                                    report_.kernel, report_.name))
                      .advise(fmt::format("give one with --name, livepatch_{} say", report_.name)));
    }
    lap("shipped kernel");
    if (!stopped()) TRY(diff_units());
    if (!stopped()) TRY(replace_callers());
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
    if (request_.name.empty() && request_.fixes.size() != 1)
      return fail(Error("several fixes make one live patch, which needs a name").advise("give it with --name"));
    report_.name = request_.name.empty() ? default_name(request_.fixes.front()) : request_.name;
    TRY(check_name(report_.name));
    if (request_.signing) {
      key_ = TRY(read_text(request_.signing->key));
      certificate_ = TRY(read_text(request_.signing->certificate));
    }
    TRY(make_directories(request_.output));
    // A module of an earlier build must not stand beside the report of this one.
    TRY(remove_tree(path_of(".ko")));
    if (!is_one_of_the_fixes(path_of(data_callbacks_suffix))) TRY(remove_tree(path_of(data_callbacks_suffix)));
    return remove_tree(path_of(".report.json"));
  }

  fs::path path_of(std::string_view suffix) const { return request_.output / (report_.name + std::string(suffix)); }

  // Callbacks that an earlier build has offered, and that were reviewed since.
  bool is_one_of_the_fixes(const fs::path& path) const {
    std::error_code ignored;
    return std::ranges::any_of(request_.fixes, [&](const fs::path& fix) { return fs::equivalent(fix, path, ignored); });
  }

  Status compile_fix() {
    TRY(read_fixes());
    if (!stopped()) TRY(find_affected_sources());
    if (!stopped()) TRY(compile_sources());
    return {};
  }

  Status read_fixes() {
    progress_.stage("reading the fixes");
    fix_ = TRY(prepare_fixes(request_.fixes, request_.kit.source()));
    for (const auto& [fix, digest] : fix_.fixes) report_.fixes.push_back(describe(fix, digest));
    for (const auto& fix : report_.fixes) report_.cves.insert(report_.cves.end(), fix.cves.begin(), fix.cves.end());
    report_.cves.insert(report_.cves.end(), request_.cves.begin(), request_.cves.end());
    std::ranges::sort(report_.cves);
    report_.cves.erase(std::unique(report_.cves.begin(), report_.cves.end()), report_.cves.end());
    take(fix_.refusals, fix_.warnings);
    lap("apply");
    return {};
  }

  ReportedFix describe(const Fix& fix, const std::string& digest) const {
    ReportedFix reported{.file = fs::path(fix.name).filename().string(),
                         .digest = digest,
                         .subject = fix.subject,
                         .author = fix.author,
                         .cves = fix.cves,
                         .sources = {}};
    for (const auto& file : fix_.files) {
      const auto changes = [&](const FileDiff& diff) { return diff.path == file.path; };
      if (std::ranges::any_of(fix.files, changes)) reported.sources.push_back(file.path);
    }
    return reported;
  }

  Status find_affected_sources() {
    if (fix_.files.empty()) return {};
    progress_.stage("asking kbuild");
    affected_ = TRY(find_affected(request_.kit, fix_.files, request_.max_files));
    take(affected_.refusals, affected_.warnings);
    lap("kbuild");
    return {};
  }

  Status compile_sources() {
    progress_.stage(compiling());
    compiler_ = TRY(Compiler::open(request_.kit));
    compared_ = TRY(compare_sources(*compiler_, affected_, fix_.tree, progress_));
    take(compared_.refusals, compared_.warnings);
    TRY(find_what_is_not_compiled());
    report_.slowest_compile = compared_.slowest_compile;
    if (!request_.objects.empty()) TRY(keep_objects());
    scaffold_ = TRY(compile_scaffold(request_.kit));
    lap("compile");
    return {};
  }

  Status find_what_is_not_compiled() {
    const auto uncompiled = TRY(find_uncompiled(*compiler_, affected_, fix_.files, fix_.tree));
    if (!uncompiled.all) {
      take({}, uncompiled.warnings);
      return {};
    }
    for (const auto& [code, place, reason] : uncompiled.warnings)
      report_.refusals.push_back({code, place, reason, "this kernel needs no live patch for it"});
    return {};
  }

  // A header may reach thousands of sources: how long that takes is told before it does.
  std::string compiling() const {
    constexpr std::size_t few = 20;
    constexpr double seconds = 3;  // of CPU for a source that changes: preprocessed and compiled twice (bench/results)
    const auto files = affected_.changed.size() + affected_.reached.size() + affected_.fixed.size();
    if (files <= few) return "compiling";
    const auto minutes = std::ceil(static_cast<double>(files) * seconds / 60 / processors());
    return fmt::format("compiling {} files, at most about {:.0f} min", files, minutes);
  }

  Status keep_objects() {
    TRY(make_directories(request_.objects));
    for (const auto& source : compared_.changed) {
      auto name = source.how.source;
      std::ranges::replace(name, '/', '_');
      const auto original = TRY(compiler_->original(source.how, Layout::sectioned));
      const auto patched = TRY(compiler_->patched(source.how, Layout::sectioned, fix_.tree, original.dependencies));
      TRY(write_file(request_.objects / (name + ".original.o"), original.object));
      TRY(write_file(request_.objects / (name + ".patched.o"), patched.object));
    }
    return {};
  }

  Status diff_units() {
    progress_.stage("comparing");
    for (auto& source : compared_.changed) {
      std::vector<std::string> objects;
      if (source.how.in_vmlinux) objects.emplace_back("vmlinux");
      for (const auto& module : source.how.modules) objects.push_back(kit::module_name(module));
      for (const auto& object : objects) {
        patch::Unit unit{.source = source.how.source,
                         .object = object,
                         .original = source.original,
                         .patched = source.patched,
                         .moved = std::set<std::string>(),
                         .accepted = request_.accepted};
        auto [delta, seconds] = TRY(diff_unit(*compiler_, source.how, fix_.tree, *shipped_, std::move(unit)));
        compared_.slowest_compile = std::max(compared_.slowest_compile, seconds);
        take(delta.refusals, delta.warnings);
        if (object == objects.front()) {
          for (const auto& [place, value] : delta.initial_values) initial_values_[source.how.source].push_back(value);
        }
        if (delta.has_changes() && object == objects.front()) TRY(find_layout_changes_of(source));
        if (delta.has_changes()) units_.push_back({.source = &source, .object = object, .delta = std::move(delta)});
      }
    }
    if (!stopped()) take({}, leave_out_unneeded(units_));
    refuse_if_nothing_is_left();
    lap("diff");
    return {};
  }

  Status find_layout_changes_of(const ChangedSource& source) {
    auto changes = TRY(find_layout_changes(source.original, source.patched, source.how.source));
    const auto changed = std::ranges::find(fix_.files, source.how.source, &PatchedFile::path);
    const auto text = changed == fix_.files.end() ? std::string_view() : std::string_view(changed->original);
    // A shared type is a change of the fix, not of each source that knows it; one that a source defines is its own.
    std::erase_if(changes, [&](const LayoutChange& change) {
      const auto owner = defines(text, change.type) ? source.how.source : std::string();
      return !changed_types_.emplace(owner, change.type).second;
    });
    const auto findings = judge_layout_changes(changes, source.how.source, text, request_.accepted);
    take(findings.refusals, findings.warnings);
    return {};
  }

  void refuse_if_nothing_is_left() {
    const auto unfixed = std::ranges::find_if(report_.warnings, [](const patch::Warning& warning) {
      return warning.code == "unfixed" || warning.code == "device-ids";
    });
    if (!units_.empty() || unfixed == report_.warnings.end()) return;
    report_.refusals.push_back({"nothing-left", unfixed->place,
                                unfixed->code == "device-ids"
                                    ? "all that the fix does is to add ids of hardware, which a live patch cannot"
                                    : "all that the fix changes is what --accept leaves out",
                                "fix it with a reboot, or by loading the fixed module"});
  }

  // Costs nothing unless a function has moved that other files may call.
  Status replace_callers() {
    const PromotionRequest request{.kit = request_.kit,
                                   .compiler = *compiler_,
                                   .fix = fix_.tree,
                                   .shipped = *shipped_,
                                   .accepted = request_.accepted,
                                   .max_files = request_.max_files,
                                   .sources = compared_.changed};
    const auto promoted = TRY(promote_callers(request, units_, progress_));
    compared_.slowest_compile = std::max(compared_.slowest_compile, promoted.slowest_compile);
    take(promoted.refusals, promoted.warnings);
    lap("callers");
    return {};
  }

  Status match_units() {
    progress_.stage("matching against the shipped kernel");
    std::vector<ChangedSource*> sources;
    for (const auto& unit : units_) {
      if (sources.empty() || sources.back() != unit.source) sources.push_back(unit.source);
    }
    report_.slowest_compile = std::max(compared_.slowest_compile, TRY(compile_as_shipped(*compiler_, sources)));
    for (auto& unit : units_) take(TRY(match_code(unit, *shipped_, report_.code_match)), {});
    lap("match");
    return {};
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
                            .cves = report_.cves};
    for (const auto& unit : units_) {
      const image::ShippedModule* module = nullptr;
      if (unit.object != "vmlinux") module = TRY(shipped_->module(unit.object));
      emit.units.push_back({.delta = &unit.delta, .match = &unit.match, .object = unit.object, .module = module});
    }
    auto emitted = TRY(patch::emit(emit));
    take(emitted.refusals, emitted.warnings);
    lap("emit");
    if (stopped()) return {};
    TRY(describe(emitted));
    lap("inlined copies");
    return check_and_write(std::move(emitted.module));
  }

  Status describe(const patch::EmitResult& emitted) {
    std::map<std::string, FixedCopies> inlined;  // by source
    for (const auto& unit : units_) {
      const auto [copies, added] = inlined.try_emplace(unit.source->how.source);
      if (added) copies->second = TRY(find_fixed_copies(*compiler_, unit.source->how, fix_.files));
    }
    for (const auto& object : emitted.objects) {
      ReportedObject reported{.name = object.name, .build_id = report_.kernel_build_id, .functions = {}};
      for (const auto& unit : units_) {
        if (unit.object == object.name && unit.object != "vmlinux") {
          if (const auto module = shipped_->module(unit.object)) reported.build_id = (*module)->build_id();
        }
      }
      for (const auto& function : emitted.functions) {
        if (function.object == object.name)
          reported.functions.push_back({.name = function.name,
                                        .position = function.position,
                                        .why = std::string(patch::to_string(function.why)),
                                        .source = function.source,
                                        .redirected = function.why != patch::Why::added && !function.moved,
                                        .through = function.through,
                                        .inlined = copies_in(inlined[function.source], function.name)});
      }
      report_.objects.push_back(std::move(reported));
    }
    return {};
  }

  // Debug information has the names of the source, without what the compiler adds: "foo.isra.0".
  static std::vector<ReportedCopy> copies_in(const FixedCopies& copies, std::string_view function) {
    const auto found = copies.find(function.substr(0, function.find('.')));
    return found == copies.end() ? std::vector<ReportedCopy>() : found->second;
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
    return TRY(trust::append_module_signature(module, key_, certificate_), "signing with {} and {}",
               request_.signing->key.string(), request_.signing->certificate.string());
  }

  Result<BuildReport> finish() {
    report_.outcome = stopped() ? "refused" : units_.empty() ? "no change" : "built";
    TRY(offer_data_callbacks());
    measure();
    progress_.stage("");
    TRY(write_text(path_of(".report.json"), to_json(report_)));
    return std::move(report_);
  }

  // Values that could be written while the kernel runs: a person has to say whether they may.
  Status offer_data_callbacks() {
    std::string diff;
    for (auto& [source, values] : initial_values_) {
      keep_from_leading_to_the_live_patch(source, values);
      const auto file = std::ranges::find(fix_.files, source, &PatchedFile::path);
      if (file == fix_.files.end()) continue;
      const auto callbacks = data_callbacks(source, true_line_numbers(file->patched), values);
      if (callbacks.empty()) continue;
      diff += callbacks;
      for (const auto& value : values)
        advise(
            source, value,
            fmt::format("review {0}{1}, which writes the new value at load and puts the old one back, and build again "
                        "with it after the fix: suture build FIX {0}{1} --name {0}",
                        report_.name, data_callbacks_suffix));
    }
    if (diff.empty()) return {};
    report_.data_callbacks = path_of(data_callbacks_suffix).string();
    return write_text(path_of(data_callbacks_suffix), diff);
  }

  // No callback of a live patch that a newer level replaces runs; then it is unloaded, and the pointer would dangle.
  void keep_from_leading_to_the_live_patch(const std::string& source, std::vector<patch::InitialValue>& values) {
    std::erase_if(values, [&](const patch::InitialValue& value) {
      if (!is_added(value.elsewhere)) return false;
      advise(source, value,
             fmt::format("{} comes and goes with the live patch, and nothing of the kernel's may lead to it: let the "
                         "functions that read {} see to it",
                         value.elsewhere, value.variable));
      return true;
    });
  }

  // In place of what its refusal says to do.
  void advise(const std::string& source, const patch::InitialValue& value, const std::string& advice) {
    const auto place = fmt::format("{}: {}", source, value.variable);
    for (auto& refusal : report_.refusals)
      if (refusal.code == "data-changed" && refusal.place == place) refusal.advice = advice;
  }

  /// By any file of the fix, for others to see.
  bool is_added(std::string_view name) const {
    const auto defines = [name](const elf::Object& object) {
      return std::ranges::any_of(object.symbols, [name](const elf::Symbol& symbol) {
        return symbol.name == name && symbol.is_defined() && !symbol.is_local();
      });
    };
    return std::ranges::any_of(compared_.changed, [&](const ChangedSource& changed) {
      return defines(changed.patched) && !defines(changed.original);
    });
  }

  void measure() {
    const auto seconds = [](const timeval& time) {
      return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    for (const auto who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
      struct rusage usage {};
      getrusage(who, &usage);
      if (who == RUSAGE_SELF) report_.peak_memory = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
      report_.cpu_seconds += seconds(usage.ru_utime) + seconds(usage.ru_stime);
    }
    report_.compile_cpu_seconds = compiler_ ? compiler_->cpu_seconds() : 0;
    report_.cpu_seconds -= report_.compile_cpu_seconds;
  }

  void lap(std::string phase) {
    const auto seconds = clock_.lap();
    report_.seconds += seconds;
    report_.phases.push_back({std::move(phase), seconds});
  }
  void take(const std::vector<Refusal>& refusals, const std::vector<patch::Warning>& warnings) {
    report_.refusals.insert(report_.refusals.end(), refusals.begin(), refusals.end());
    report_.warnings.insert(report_.warnings.end(), warnings.begin(), warnings.end());
  }

  const BuildRequest& request_;
  Progress& progress_;
  kit::Stopwatch clock_;
  BuildReport report_;
  std::string key_, certificate_;  // PEM, if the module is to be signed
  PreparedFixes fix_;
  Affected affected_;
  std::optional<Compiler> compiler_;
  SourceComparison compared_;
  std::vector<Unit> units_;
  std::map<std::string, std::vector<patch::InitialValue>> initial_values_;  // by source
  std::set<std::pair<std::string, std::string>> changed_types_;  // which source's, and its name: spoken of already
  elf::Object scaffold_;
  std::unique_ptr<ShippedFiles> shipped_;
};

}  // namespace

Result<BuildReport> build(const BuildRequest& request, Progress& progress) { return Build(request, progress).run(); }

}  // namespace suture::builder
