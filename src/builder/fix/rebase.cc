#include "builder/fix/rebase.h"

#include <algorithm>

#include "base/process.h"
#include "base/words.h"
#include "builder/fix/apply.h"

namespace suture::builder {
namespace {

Result<AppliedFix> apply_to(const Fix& fix, const fs::path& source) {
  std::vector<Fix> fixes{fix};
  return apply_fixes(fixes, source);
}

template <typename Finding>
const Finding* find_at(const std::vector<Finding>& findings, const std::string& path) {
  const auto speaks_of = [&](const Finding& f) { return f.place == path || f.place.starts_with(path + ":"); };
  const auto it = std::ranges::find_if(findings, speaks_of);
  return it == findings.end() ? nullptr : &*it;
}

RebasedFile compare(const PatchedFile& before, const AppliedFix& after) {
  RebasedFile file{.path = before.path, .state = "in place", .moved = {}};
  const auto now = std::ranges::find(after.files, before.path, &PatchedFile::path);
  for (const auto& warning : after.warnings) {
    if (warning.code == "moved-hunk" && warning.place == before.path) file.moved.push_back(warning.reason);
  }
  if (const auto* refusal = find_at(after.refusals, before.path)) {
    file.state = refusal->code == "already-applied" ? "already applied" : "does not apply";
  } else if (!file.moved.empty()) {
    file.state = "moved";
  } else if (now != after.files.end() && now->original == before.original) {
    file.state = "unchanged";
  }
  return file;
}

// What stands before the first file: the mail's subject and description.
std::string description(const Fix& fix, std::string_view text) {
  std::string kept;
  std::size_t number = 0;
  for (const auto line : lines_of(text)) {
    if (fix.files.empty() || ++number >= fix.files.front().line) break;
    if (line.starts_with("diff ") || line.starts_with("index ")) continue;
    kept += std::string(line) + "\n";
  }
  return kept;
}

// As `diff` writes it, with names as git's.
Result<std::string> diff_of(const std::vector<PatchedFile>& files) {
  const auto scratch = TRY(TempDir::make());
  const auto before = (scratch.path() / "before").string();
  const auto after = (scratch.path() / "after").string();
  std::string text;
  for (const auto& file : files) {
    TRY(write_text(before, file.original, Sync::no));
    TRY(write_text(after, file.patched, Sync::no));
    const auto from = file.created ? std::string("/dev/null") : "a/" + file.path;
    const auto finished =
        TRY(run({.argv = {"diff", "-u", "--label", from, "--label", "b/" + file.path, before, after}}));
    // 0: equal; 1: they differ; anything else: trouble.
    if (finished.exit_code > 1) return fail("{}: diff failed: {}", file.path, finished.errors);
    text += finished.output;
  }
  return text;
}

}  // namespace

Result<RebaseReport> rebase(const fs::path& fix_file, const fs::path& from, const fs::path& to) {
  const auto text = TRY(read_text(fix_file));
  const auto fix = TRY(parse_fix(text, fix_file.string()));
  const auto before = TRY(apply_to(fix, from));
  if (!before.refusals.empty()) {
    const auto& refusal = before.refusals.front();
    return fail(Error(fmt::format("{}: {}: {}", fix_file.string(), refusal.place, refusal.reason))
                    .advise("--from names the kernel that the fix was made for"));
  }
  auto after = TRY(apply_to(fix, to));
  RebaseReport report{
      .outcome = "applies", .fix = fix_file.filename().string(), .files = {}, .refusals = {}, .diff = {}};
  for (const auto& file : before.files) report.files.push_back(compare(file, after));
  const auto all_are = [&](std::string_view state) {
    return std::ranges::all_of(report.files, [&](const RebasedFile& file) { return file.state == state; });
  };
  if (!report.files.empty() && all_are("already applied")) {
    report.outcome = "already applied";
  } else if (!after.refusals.empty()) {
    report.outcome = "refused";
    report.refusals = std::move(after.refusals);
  } else {
    const auto diff = TRY(diff_of(after.files));
    report.diff = description(fix, text) + diff;
  }
  return report;
}

}  // namespace suture::builder
