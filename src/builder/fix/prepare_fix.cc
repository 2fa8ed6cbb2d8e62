#include "builder/fix/prepare_fix.h"

#include <algorithm>

#include "base/digest.h"
#include "builder/fix/line_marks.h"
#include "patch/emit/scaffold.h"

namespace suture::builder {
namespace {

// A diff is text that people read; more is a mistake, or worse.
constexpr std::uintmax_t most_bytes = 64U << 20U;

Result<std::string> read_diff(const fs::path& diff) {
  std::error_code code;
  if (const auto size = fs::file_size(diff, code); !code && size > most_bytes)
    return fail("{}: has {} bytes; a diff may have {}", diff.string(), size, most_bytes);
  return read_text(diff);
}

}  // namespace

Result<PreparedFixes> prepare_fixes(const std::vector<fs::path>& diffs, const fs::path& source) {
  PreparedFixes prepared;
  std::vector<Fix> fixes;
  for (const auto& diff : diffs) {
    const auto text = TRY(read_diff(diff));
    auto fix = TRY(parse_fix(text, diff.string()));
    fixes.push_back(std::move(fix));
    prepared.fixes.push_back({.fix = {}, .digest = sha256_hex(as_bytes(text))});
  }
  auto applied = TRY(apply_fixes(fixes, source));
  for (std::size_t i = 0; i < fixes.size(); ++i) prepared.fixes[i].fix = std::move(fixes[i]);
  prepared.files = std::move(applied.files);
  prepared.refusals = std::move(applied.refusals);
  prepared.warnings = std::move(applied.warnings);
  if (!prepared.refusals.empty()) return prepared;
  for (auto& file : prepared.files) {
    if (file.created) continue;
    const auto changes = TRY(find_changes(file.original, file.patched), "{}", file.path);
    file.patched = keep_line_numbers(file.patched, changes);
  }
  prepared.tree = prepared.files;
  // <suture.h> appears beside the kernel's own headers.
  const auto header = patch::author_header();
  const auto wants_header = [&](const PatchedFile& file) {
    return file.patched.find(header.name) != std::string::npos;
  };
  if (std::ranges::any_of(prepared.files, wants_header)) {
    prepared.tree.push_back({.path = "include/" + std::string(header.name),
                             .original = {},
                             .patched = std::string(header.text),
                             .created = true});
  }
  return prepared;
}

}  // namespace suture::builder
