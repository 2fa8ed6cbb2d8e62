#include "trust/level/kernel_index.h"

#include <algorithm>

#include "base/json.h"
#include "base/read_described.h"
#include "trust/level/words.h"

namespace suture::trust {
namespace {

Status check(const KernelIndex& index) {
  if (index.format != 1) return fail("is of format {}; this version reads format 1", index.format);
  TRY(series_of(index.release));
  if (!is_build_id(index.build_id)) return fail("build_id: '{}' is no build-id", index.build_id);
  std::uint32_t before = 0;
  for (const auto& level : index.levels) {
    if (level.level <= before) return fail("levels: are not ascending from 1");
    before = level.level;
    if (!is_module_name(level.name)) return fail("levels: {}: '{}' is no module's name", level.level, level.name);
    if (!is_sha256(level.digest)) return fail("levels: {}: '{}' is no SHA-256", level.level, level.digest);
    for (const auto& fix : level.fixes) {
      if (!is_one_of(fix.kind, fix_kinds) || !is_one_of(fix.severity, severities) ||
          !std::all_of(fix.cves.begin(), fix.cves.end(), is_cve)) {
        return fail("levels: {}: {}: kind, severity or a CVE id is unknown", level.level, fix.id);
      }
    }
  }
  const auto is_floor = [&](const IndexedLevel& level) { return level.level == index.floor; };
  if (index.floor != 0 && std::none_of(index.levels.begin(), index.levels.end(), is_floor)) {
    return fail("floor: there is no level {}", index.floor);
  }
  return {};
}

}  // namespace

Result<KernelIndex> read_kernel_index(std::string_view text, std::string_view name) {
  auto index = TRY(json::from_strict_text<KernelIndex>(text, name));
  TRY(check(index), "{}", name);
  return index;
}

Result<std::string> write_kernel_index(const KernelIndex& index) {
  TRY(check(index), "the index of {}", index.release);
  return json::to_text(index);
}

namespace {

/// A level holds what the one below holds, but for what it withdraws by name.
Status check_cumulative(const IndexedLevel& below, const Manifest& manifest) {
  const auto holds = [](const auto& fixes, std::string_view id) {
    return std::any_of(fixes.begin(), fixes.end(), [&](const auto& fix) { return fix.id == id; });
  };
  const auto& withdrawn = manifest.withdraws;
  for (const auto& fix : below.fixes) {
    if (!holds(manifest.fixes, fix.id) && std::find(withdrawn.begin(), withdrawn.end(), fix.id) == withdrawn.end()) {
      return fail(Error(fmt::format("level {} lacks the fix '{}' of level {}", manifest.level, fix.id, below.level))
                      .advise("build it in, or withdraw it by name"));
    }
  }
  for (const auto& id : withdrawn) {
    if (!holds(below.fixes, id)) return fail("level {} has no fix '{}' to withdraw", below.level, id);
  }
  return {};
}

}  // namespace

Status add_level(KernelIndex& index, const Manifest& manifest) {
  if (manifest.build_id != index.build_id || manifest.release != index.release) {
    return fail("the level is for {} ({}), the index is of {} ({})", manifest.release, manifest.build_id, index.release,
                index.build_id);
  }
  if (!index.levels.empty() && index.levels.back().level >= manifest.level) {
    return fail(Error(fmt::format("{}: level {} is there already", index.release, index.levels.back().level))
                    .advise(fmt::format("levels only grow: use {} or more", index.levels.back().level + 1)));
  }
  std::vector<std::uint32_t> below;
  for (const auto& each : index.levels) below.push_back(each.level);
  if (manifest.supersedes != below) return fail("level {} does not supersede all levels below", manifest.level);
  if (!index.levels.empty()) TRY(check_cumulative(index.levels.back(), manifest));
  const auto file = std::find_if(manifest.files.begin(), manifest.files.end(),
                                 [](const ManifestFile& each) { return each.name == live_patch_file; });
  if (file == manifest.files.end()) return fail("level {} has no {}", manifest.level, live_patch_file);
  IndexedLevel level{.level = manifest.level,
                     .name = manifest.name,
                     .digest = file->sha256,
                     .withdraws = manifest.withdraws,
                     .fixes = {}};
  for (const auto& fix : manifest.fixes) level.fixes.push_back({fix.id, fix.kind, fix.severity, fix.cves});
  index.levels.push_back(std::move(level));
  return {};
}

std::string index_path(std::string_view series, std::string_view build_id) {
  return fmt::format("{}/{}/kernel.json", series, build_id);
}
std::string level_path(std::string_view series, std::string_view build_id, std::uint32_t level) {
  return fmt::format("{}/{}/level-{}.tar", series, build_id, level);
}

}  // namespace suture::trust
