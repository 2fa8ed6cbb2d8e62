#include "publishing/make_level.h"

#include <algorithm>
#include <set>

#include "base/digest.h"
#include "builder/report.h"
#include "check/inspect.h"
#include "lab/proof.h"
#include "trust/dsse.h"
#include "trust/level/in_toto.h"
#include "trust/level/level.h"

namespace suture::publishing {
namespace {

/// A proof with what it proves: a way between two levels, 0 being no live patch.
struct Way {
  std::uint32_t from = 0, to = 0;
  lab::Proof proof;
  std::string file;     ///< its name in the level
  std::string content;  ///< the record
};

Result<builder::BuildReport> read_built(const fs::path& path) {
  const auto text = TRY(read_text(path));
  auto report = TRY(builder::read_report(text, path.string()));
  if (report.outcome != "built")
    return fail("{}: its outcome is '{}', nothing was built", path.string(), report.outcome);
  return report;
}

std::string id_of(const builder::ReportedFix& fix) { return fs::path(fix.file).filename().string(); }

/// What was said of a fix when it came into the level below holds until something else is said.
void take_over(trust::ManifestFix& fix, const trust::KernelIndex& index) {
  if (index.levels.empty()) return;
  for (const auto& known : index.levels.back().fixes) {
    if (known.id != fix.id) continue;
    fix.severity = known.severity;
    fix.kind = known.kind;
  }
}

Result<std::vector<trust::ManifestFix>> fixes_of(const builder::BuildReport& report, const LevelRequest& request,
                                                 const trust::KernelIndex& index) {
  std::vector<trust::ManifestFix> fixes;
  std::set<std::string> told;
  for (const auto& fix : report.fixes) {
    for (const auto& cve : fix.cves) told.insert(cve);
    fixes.push_back({.id = id_of(fix),
                     .subject = fix.subject,
                     .kind = fix.cves.empty() ? "bugfix" : "security",
                     .severity = "unknown",
                     .cves = fix.cves,
                     .digest = fix.digest});
    take_over(fixes.back(), index);
  }
  for (const auto& cve : report.cves) {
    if (told.contains(cve)) continue;
    if (fixes.size() != 1) {
      return fail(Error(fmt::format("{} was given to the build, and it is not known which fix mends it", cve))
                      .advise("name it in the text above the fix's diff, and build again"));
    }
    fixes.front().cves.push_back(cve);
    fixes.front().kind = "security";
  }
  const auto set = [&](const auto& given, auto member, std::string_view what) -> Status {
    for (const auto& [id, value] : given) {
      const auto fix = std::find_if(fixes.begin(), fixes.end(), [&id = id](const auto& each) { return each.id == id; });
      if (fix == fixes.end()) return fail("{}: there is no fix '{}'", what, id);
      (*fix).*member = value;
    }
    return {};
  };
  TRY(set(request.severities, &trust::ManifestFix::severity, "severity"));
  TRY(set(request.kinds, &trust::ManifestFix::kind, "kind"));
  return fixes;
}

std::vector<trust::ManifestObject> objects_of(const check::Inspection& module) {
  std::vector<trust::ManifestObject> objects;
  for (const auto& each : module.objects) {
    auto& object = objects.emplace_back();
    object.name = each.name;
    object.build_id = each.build_id;
    for (const auto& function : each.functions) {
      object.functions.push_back({function.name, static_cast<std::uint32_t>(function.position)});
    }
    for (const auto& callback : each.callbacks) object.callbacks.push_back(callback.kind);
  }
  return objects;
}

/// Which ways the proofs have shown, the one from nothing first.
Result<std::vector<Way>> ways_of(const LevelRequest& request, const trust::Manifest& manifest,
                                 const std::string& digest, const trust::KernelIndex& index) {
  const auto level_of = [&](const std::string& module) -> std::optional<std::uint32_t> {
    if (module.empty()) return 0;
    if (module == digest) return manifest.level;
    for (const auto& level : index.levels) {
      if (level.digest == module) return level.level;
    }
    return std::nullopt;
  };
  std::vector<Way> ways;
  for (const auto& path : request.proofs) {
    const auto text = TRY(read_text(path));
    for (auto& proof : TRY(lab::read_proofs(text, path.string()))) {
      const auto from = level_of(proof.over_digest), to = level_of(proof.digest);
      if (proof.kernel != manifest.release)
        return fail("{}: is of {}, not of {}", path.string(), proof.kernel, manifest.release);
      if (!proof.proven()) return fail("{}: {} was not proven", path.string(), proof.live_patch);
      if (!from || !to || *from == *to || (*from != manifest.level && *to != manifest.level)) {
        return fail(Error(fmt::format("{}: is no proof of this live patch, alone or over a level below", path.string()))
                        .advise("prove the very file that was built: a build anew has another digest"));
      }
      Way way{.from = *from, .to = *to, .proof = {}, .file = {}, .content = lab::to_json(proof)};
      way.file = way.from == 0              ? "proof.json"
                 : way.to == manifest.level ? fmt::format("proof-over-{}.json", way.from)
                                            : fmt::format("proof-back-to-{}.json", way.to);
      way.proof = std::move(proof);
      ways.push_back(std::move(way));
    }
  }
  std::stable_sort(ways.begin(), ways.end(), [](const Way& a, const Way& b) { return a.from < b.from; });
  if (ways.empty() || ways.front().from != 0) {
    return fail(Error("the live patch alone was not proven")
                    .advise("suture prove FILE.ko --kernel RELEASE --json > FILE.proof.json"));
  }
  return ways;
}

/// Loading it, and unloading it, was proven, and the same of each level below: what was not seen to be replaced
/// goes by way of no live patch at all. A boot begins with none too.
std::vector<trust::ManifestEdge> edges_of(const std::vector<Way>& ways, const trust::Manifest& manifest,
                                          bool back_by_reboot) {
  const auto replaces = [&](std::uint32_t from, std::uint32_t to) {
    return std::any_of(ways.begin(), ways.end(), [&](const Way& way) { return way.from == from && way.to == to; });
  };
  std::vector<trust::ManifestEdge> edges{{0, manifest.level, "replace"}, {manifest.level, 0, "disable-and-load"}};
  for (const auto below : manifest.supersedes) {
    for (const auto& [from, to] : {std::pair(below, manifest.level), std::pair(manifest.level, below)}) {
      edges.push_back({from, to, replaces(from, to) ? "replace" : "disable-and-load"});
    }
  }
  for (auto& edge : edges)
    if (back_by_reboot && edge.from == manifest.level) edge.by = "reboot";
  return edges;
}

trust::NamedDigest live_patch_of(const std::string& digest) { return {std::string(trust::live_patch_file), digest}; }

Result<std::string> evidence_of(const std::vector<Way>& ways, const std::string& digest,
                                const trust::ed25519::PrivateKey& key) {
  trust::Tests tests{.live_patch = live_patch_of(digest), .records = {}, .passed = {}};
  std::set<std::string> seen;
  for (const auto& way : ways) {
    tests.records.push_back({way.file, sha256_hex(as_bytes(way.content))});
    for (const auto& step : way.proof.steps) {
      const auto name = fmt::format("{}: {}: {}", way.file, step.boot, step.step);
      if (step.ok && seen.insert(name).second) tests.passed.push_back(name);
    }
  }
  trust::Envelope envelope{
      .payload_type = trust::in_toto_payload, .payload = trust::test_statement(tests), .signatures = {}};
  TRY(trust::sign(envelope, key));
  return trust::write_envelope(envelope);
}

std::string provenance_of(const builder::BuildReport& report) {
  trust::Provenance provenance{.live_patch = live_patch_of(report.module_digest),
                               .release = report.kernel,
                               .build_id = report.kernel_build_id,
                               .package_version = report.package_version,
                               .compiler = report.compiler,
                               .suture = report.created_by,
                               .fixes = {}};
  for (const auto& fix : report.fixes) provenance.fixes.push_back({id_of(fix), fix.digest});
  return trust::provenance_statement(provenance);
}

}  // namespace

Result<trust::KernelIndex> index_of(const fs::path& path) {
  const auto report = TRY(read_built(path));
  return trust::KernelIndex{.release = report.kernel, .build_id = report.kernel_build_id};
}

Result<MadeLevel> make_level(const LevelRequest& request, const trust::KernelIndex& index,
                             const trust::ed25519::PrivateKey& evidence_key) {
  const auto report = TRY(read_built(request.report));
  const auto module_path = request.report.parent_path() / (report.name + ".ko");
  const auto module = TRY(read_file(module_path));
  const auto digest = sha256_hex(module);
  if (digest != report.module_digest) {
    return fail(
        Error(fmt::format("{}: is not the live patch that {} tells of", module_path.string(), request.report.string()))
            .advise("build again, or find the report that belongs to it"));
  }
  const auto inspected = TRY(check::inspect_module(module, module_path.string()));
  for (const auto& problem : inspected.problems) return fail("{}: {}", module_path.string(), problem);

  trust::Manifest manifest;
  manifest.series = TRY(trust::series_of(report.kernel));
  manifest.release = report.kernel;
  manifest.build_id = report.kernel_build_id;
  manifest.level = request.level;
  if (manifest.level == 0) manifest.level = index.levels.empty() ? 1 : index.levels.back().level + 1;
  manifest.name = inspected.name;
  for (const auto& below : index.levels) manifest.supersedes.push_back(below.level);
  manifest.withdraws = request.withdraws;
  manifest.fixes = TRY(fixes_of(report, request, index));
  manifest.objects = objects_of(inspected);
  for (const auto& state : inspected.states) manifest.states.push_back({state.id, state.version});
  manifest.created_by = report.created_by;

  const auto ways = TRY(ways_of(request, manifest, digest, index));
  manifest.edges = edges_of(ways, manifest, request.back_by_reboot);
  const auto provenance = provenance_of(report);
  const auto evidence = TRY(evidence_of(ways, digest, evidence_key));
  std::vector<trust::ArchiveMember> files{{std::string(trust::live_patch_file), module},
                                          {std::string(trust::provenance_file), as_bytes(provenance)},
                                          {std::string(trust::evidence_file), as_bytes(evidence)}};
  for (const auto& way : ways) {
    files.push_back({way.file, as_bytes(way.content)});
    if (way.to == manifest.level) {
      manifest.proofs.push_back({way.proof.outcome, way.proof.accelerator, way.from, way.file});
    }
  }
  MadeLevel made;
  made.archive = TRY(trust::write_level(manifest, files));
  const auto level = TRY(trust::read_level(made.archive, "the level"));
  made.manifest = level.manifest;
  return made;
}

}  // namespace suture::publishing
