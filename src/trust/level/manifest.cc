#include "trust/level/manifest.h"

#include <algorithm>
#include <set>

#include "base/json.h"
#include "base/read_described.h"
#include "trust/archive.h"
#include "trust/level/words.h"

namespace suture::trust {
namespace {

Status check_fixes(const Manifest& manifest) {
  std::set<std::string_view> ids;
  for (const auto& fix : manifest.fixes) {
    if (fix.id.empty() || !ids.insert(fix.id).second) return fail("fixes: '{}' is no unique id", fix.id);
    if (!is_one_of(fix.kind, fix_kinds)) return fail("fixes: {}: '{}' is no kind of fix", fix.id, fix.kind);
    if (!is_one_of(fix.severity, severities)) return fail("fixes: {}: '{}' is no severity", fix.id, fix.severity);
    for (const auto& cve : fix.cves) {
      if (!is_cve(cve)) return fail("fixes: {}: '{}' is no CVE id", fix.id, cve);
    }
    if (!is_sha256(fix.digest)) return fail("fixes: {}: '{}' is no SHA-256", fix.id, fix.digest);
  }
  for (const auto& withdrawn : manifest.withdraws) {
    if (ids.contains(withdrawn)) return fail("withdraws: '{}' is among the fixes", withdrawn);
  }
  return {};
}

Status check_objects(const Manifest& manifest) {
  std::set<std::string_view> names;
  if (manifest.objects.empty()) return fail("objects: there is none");
  for (const auto& object : manifest.objects) {
    if (object.name.empty() || !names.insert(object.name).second) {
      return fail("objects: '{}' is no unique name", object.name);
    }
    if (!is_build_id(object.build_id)) return fail("objects: {}: '{}' is no build-id", object.name, object.build_id);
    if (object.name == "vmlinux" && object.build_id != manifest.build_id) {
      return fail("objects: vmlinux has another build-id than the kernel");
    }
    for (const auto& callback : object.callbacks) {
      if (!is_one_of(callback, callback_kinds)) return fail("objects: {}: '{}' is no callback", object.name, callback);
    }
  }
  return {};
}

Status check_edges(const Manifest& manifest) {
  const auto level = manifest.level;
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
  for (const auto& edge : manifest.edges) {
    const auto other = edge.from == level ? edge.to : edge.from;
    if ((edge.from != level && edge.to != level) || other >= level) {
      return fail("edges: {} to {} is not between level {} and one below", edge.from, edge.to, level);
    }
    if (!is_one_of(edge.by, edge_kinds)) return fail("edges: '{}' is no way from one level to another", edge.by);
    if (!seen.insert({edge.from, edge.to}).second) return fail("edges: {} to {} comes twice", edge.from, edge.to);
  }
  return {};
}

Status check_files(const Manifest& manifest) {
  std::set<std::string_view> names;
  for (const auto& file : manifest.files) {
    if (!is_clean_name(file.name) || file.name == "manifest.json" || !names.insert(file.name).second) {
      return fail("files: '{}' is no unique name of a file", file.name);
    }
    if (!is_sha256(file.sha256)) return fail("files: {}: '{}' is no SHA-256", file.name, file.sha256);
  }
  if (!names.contains(live_patch_file)) return fail("files: {} is missing", live_patch_file);
  for (const auto& proof : manifest.proofs) {
    if (proof.outcome != "proven") return fail("proofs: '{}' proves nothing", proof.outcome);
    if (proof.over >= manifest.level) return fail("proofs: level {} is not below", proof.over);
    if (!names.contains(proof.file)) return fail("proofs: {} is missing", proof.file);
  }
  return {};
}

Status check_levels(const Manifest& manifest) {
  if (manifest.format != 1) {
    return fail(Error(fmt::format("is of format {}; this version reads format 1", manifest.format))
                    .advise("a newer version of Suture may read it"));
  }
  const auto series = TRY(series_of(manifest.release));
  if (series != manifest.series) return fail("series: is '{}', the release's is '{}'", manifest.series, series);
  if (!is_build_id(manifest.build_id)) return fail("build_id: '{}' is no build-id", manifest.build_id);
  if (manifest.level == 0) return fail("level: 0 means no live patch");
  if (!is_module_name(manifest.name)) return fail("name: '{}' is no module's name", manifest.name);
  const auto& below = manifest.supersedes;
  if (std::adjacent_find(below.begin(), below.end(), std::greater_equal{}) != below.end() ||
      (!below.empty() && (below.front() == 0 || below.back() >= manifest.level))) {
    return fail("supersedes: are not the levels below, ascending");
  }
  return {};
}

Status check(const Manifest& manifest) {
  TRY(check_levels(manifest));
  TRY(check_fixes(manifest));
  TRY(check_objects(manifest));
  TRY(check_edges(manifest));
  return check_files(manifest);
}

}  // namespace

Result<Manifest> read_manifest(std::string_view text, std::string_view name) {
  auto manifest = TRY(json::from_strict_text<Manifest>(text, name));
  TRY(check(manifest), "{}", name);
  return manifest;
}

Result<std::string> write_manifest(const Manifest& manifest) {
  TRY(check(manifest), "the manifest");
  return json::to_text(manifest);
}

Result<std::string> series_of(std::string_view release) {
  const auto number = [&](std::size_t from) {
    return std::min(release.find_first_not_of("0123456789", from), release.size());
  };
  const auto major = number(0);
  const auto minor = number(std::min(major + 1, release.size()));
  const bool clean = std::all_of(release.begin(), release.end(), [](char each) {
    return (each >= '0' && each <= '9') || (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
           std::string_view("._+~-").find(each) != std::string_view::npos;
  });
  if (!clean || major == 0 || major >= release.size() || release[major] != '.' || minor == major + 1) {
    return fail("release: '{}' is no kernel release", release);
  }
  return std::string(release.substr(0, minor));
}

bool is_series(std::string_view text) {
  const auto series = series_of(text);
  return series && *series == text;
}

}  // namespace suture::trust
