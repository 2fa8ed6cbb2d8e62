#include "builder/fix/apply.h"

#include <algorithm>
#include <set>

#include "base/process.h"
#include "base/words.h"
#include "builder/sources/classify.h"

namespace suture::builder {
namespace {

using patch::Refusal;

class Applier {
 public:
  Applier(const fs::path& source, const fs::path& scratch) : source_(source), scratch_(scratch / "file.c") {}

  Status apply(const Fix& fix) {
    fix_ = &fix;
    for (const auto& diff : fix.files) TRY(apply(diff), "applying {}", fix.name);
    return {};
  }

  AppliedFix finish() { return std::move(result_); }

 private:
  Status apply(const FileDiff& diff) {
    const auto verdict = classify(diff.path);
    if (const auto* refusal = std::get_if<Refusal>(&verdict)) {
      if (refused_.insert(diff.path).second) result_.refusals.push_back(*refusal);
      return {};
    }
    const auto role = std::get<FileRole>(verdict);
    if (role == FileRole::foreign) {
      result_.warnings.push_back({"foreign-architecture", diff.path, "is left out: it is not compiled for x86-64"});
    }
    if (role != FileRole::code) return {};
    if (const char* code = unsupported_kind(diff.kind)) return refuse_kind(diff, code);

    auto* file = TRY(find_or_load(diff));
    if (file == nullptr) return {};
    return apply_hunks(diff, *file);
  }

  static const char* unsupported_kind(FileDiff::Kind kind) {
    switch (kind) {
      case FileDiff::Kind::rename:
        return "renamed-file";
      case FileDiff::Kind::binary:
        return "binary-file";
      case FileDiff::Kind::remove:
        return "removed-file";
      case FileDiff::Kind::change:
      case FileDiff::Kind::create:
        break;
    }
    return nullptr;
  }

  Status refuse_kind(const FileDiff& diff, const char* code) {
    const std::string_view what = diff.kind == FileDiff::Kind::rename   ? "renames or copies a file"
                                  : diff.kind == FileDiff::Kind::binary ? "changes a binary file"
                                                                        : "removes a file";
    refuse(code, diff.path, fmt::format("the fix {}; a live patch only changes functions", what),
           "write the fix as a change of the files that are there");
    return {};
  }

  void refuse(std::string code, std::string place, std::string reason, std::string advice) {
    result_.refusals.push_back({std::move(code), std::move(place), std::move(reason), std::move(advice)});
  }

  // The file as the fix has left it so far; null if it is not there, which has been refused.
  Result<PatchedFile*> find_or_load(const FileDiff& diff) {
    const auto known = std::ranges::find(result_.files, diff.path, &PatchedFile::path);
    if (known != result_.files.end()) return &*known;

    PatchedFile file{.path = diff.path, .original = {}, .patched = {}};
    std::error_code code;
    if (fs::is_regular_file(source_ / diff.path, code)) {
      file.original = TRY(read_text(source_ / diff.path));
      file.patched = file.original;
    } else if (diff.kind == FileDiff::Kind::create) {
      file.created = true;
    } else {
      refuse("does-not-apply", diff.path, "the kernel's source has no such file",
             "use the version of the fix that was made for this kernel series");
      return nullptr;
    }
    result_.files.push_back(std::move(file));
    return &result_.files.back();
  }

  // Runs GNU patch on the scratch file, which is given by name: names in the diff play no role.
  Result<Finished> run_patch(const FileDiff& diff, std::initializer_list<std::string> options) {
    std::vector<std::string> argv = {"patch", "--batch", "--unified", "--reject-file=-", "--no-backup-if-mismatch"};
    argv.insert(argv.end(), options);
    argv.push_back(scratch_.string());
    auto finished = TRY(run({.argv = argv,
                             .environment = {{"LC_ALL", "C"}},
                             .inherit_environment = false,
                             .input = "--- file.c\n+++ file.c\n" + diff.hunks}),
                        "applying the fix (package \"patch\")");
    // 1: some hunk does not apply; 2: anything else, a full disk for example.
    if (finished.exit_code > 1) return fail("{}: GNU patch failed: {}{}", diff.path, finished.output, finished.errors);
    return finished;
  }

  Status apply_hunks(const FileDiff& diff, PatchedFile& file) {
    TRY(write_scratch(file));
    auto exact = TRY(run_patch(diff, {"--forward", "--fuzz=0"}));
    auto used = exact;
    if (!used.ok()) {
      TRY(write_scratch(file));
      used = TRY(run_patch(diff, {"--forward"}));
    }
    if (!used.ok()) return refuse_failed(diff, file, exact.output);
    // What an earlier diff added or took away moves the later ones; that says nothing of the kernel.
    const bool moved_by_us = file.patched != file.original;
    for (const auto line : lines_of(used.output)) {
      if ((line.find("offset") != std::string_view::npos && !moved_by_us) ||
          line.find("fuzz") != std::string_view::npos)
        result_.warnings.push_back({"moved-hunk", diff.path, std::string(line)});
    }
    file.patched = TRY(read_text(scratch_));
    return {};
  }

  Status write_scratch(const PatchedFile& file) {
    std::error_code ignored;
    fs::remove(scratch_, ignored);
    return file.patched.empty() && file.created ? Status() : write_text(scratch_, file.patched, Sync::no);
  }

  Result<bool> fits(const FileDiff& diff, const std::string& text) {
    TRY(write_text(scratch_, text, Sync::no));
    const auto finished = TRY(run_patch(diff, {"--forward", "--dry-run"}));
    return finished.ok();
  }

  Status refuse_failed(const FileDiff& diff, const PatchedFile& file, const std::string& said) {
    TRY(write_scratch(file));
    if (TRY(run_patch(diff, {"--reverse", "--fuzz=0", "--dry-run"})).ok()) {
      if (file.patched != file.original) {
        result_.warnings.push_back(
            {"already-applied", diff.path, fmt::format("{}: another fix has made this change already", fix_->name)});
        return {};
      }
      refuse("already-applied", diff.path, "the kernel's source already has this change",
             "this kernel needs no live patch for it");
      return {};
    }
    if (file.patched != file.original && TRY(fits(diff, file.original))) {
      refuse("conflicting-fixes", diff.path,
             fmt::format("{} fits this kernel's source, but not after the fixes before it", fix_->name),
             "give the fixes in the order in which they were made, or merge the two by hand into one");
      return {};
    }
    for (const auto line : lines_of(said)) {
      // "Hunk #2 FAILED at 47."
      const auto failed = line.find(" FAILED at ");
      if (failed == std::string_view::npos || !line.starts_with("Hunk #")) continue;
      const auto hunk = line.substr(6, failed - 6);
      const auto at = line.substr(failed + 11, line.find_first_not_of("0123456789", failed + 11) - failed - 11);
      refuse("does-not-apply", fmt::format("{}:{}", diff.path, at),
             fmt::format("hunk {} of the fix (line {} of {}) does not fit this kernel's source", hunk, diff.line,
                         fix_->name),
             "use the version of the fix that was made for this kernel series, or adapt it by hand");
      return {};
    }
    refuse("does-not-apply", diff.path, "the fix does not fit this kernel's source",
           "use the version of the fix that was made for this kernel series, or adapt it by hand");
    return {};
  }

  const Fix* fix_ = nullptr;  // the one that is being applied
  const fs::path& source_;
  fs::path scratch_;
  std::set<std::string> refused_;
  AppliedFix result_;
};

}  // namespace

Result<AppliedFix> apply_fixes(std::vector<Fix>& fixes, const fs::path& source) {
  const auto scratch = TRY(TempDir::make());
  Applier applier(source, scratch.path());
  std::set<std::string> created;
  for (auto& fix : fixes) {
    TRY(resolve_paths(fix, [&](const std::string& path) {
      std::error_code code;
      return created.contains(path) || fs::is_regular_file(source / path, code);
    }));
    for (const auto& diff : fix.files) {
      if (diff.kind == FileDiff::Kind::create) created.insert(diff.path);
    }
    TRY(applier.apply(fix));
  }
  return applier.finish();
}

}  // namespace suture::builder
