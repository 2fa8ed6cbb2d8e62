// suture level add | floor
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "base/json.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/draft_options.h"
#include "publishing/draft_directory.h"
#include "publishing/make_level.h"
#include "trust/repository/roles.h"

namespace suture::cli {
namespace {

struct LevelAddition {
  publishing::LevelRequest request;
  std::string report, key, draft = "draft";
  std::vector<std::string> proofs, severities, kinds;
  PassphraseOptions passphrase;
};

Result<std::map<std::string, std::string>> by_fix(const std::vector<std::string>& given, std::string_view what) {
  std::map<std::string, std::string> all;
  for (const auto& each : given) {
    const auto equals = each.rfind('=');
    if (equals == std::string::npos) return fail("'{}' is not FIX={}", each, what);
    all[each.substr(0, equals)] = each.substr(equals + 1);
  }
  return all;
}

void print(const trust::Manifest& manifest) {
  fmt::print("level {} of {} ({})\n", manifest.level, manifest.release, manifest.build_id);
  for (const auto& fix : manifest.fixes) {
    fmt::print("  {}  {}, {}  {}\n", fix.id, fix.kind, fix.severity, fmt::join(fix.cves, " "));
  }
  for (const auto& each : manifest.withdraws) fmt::print("  withdraws {}\n", each);
  for (const auto& edge : manifest.edges) fmt::print("  {} to {} by {}\n", edge.from, edge.to, edge.by);
}

Result<ExitCode> add(const LevelAddition& given, const Context& context) {
  auto request = given.request;
  request.report = given.report;
  request.proofs = {given.proofs.begin(), given.proofs.end()};
  request.severities = TRY(by_fix(given.severities, "SEVERITY"));
  request.kinds = TRY(by_fix(given.kinds, "KIND"));
  auto directory = TRY(publishing::DraftDirectory::open(given.draft, clock_now()));
  auto index = TRY(publishing::index_of(request.report));
  if (auto known = TRY(directory.index(index.build_id))) index = std::move(*known);
  const auto keys = TRY(read_keys({given.key}, given.passphrase));
  const auto made = TRY(publishing::make_level(request, index, keys.front()));
  const auto& manifest = made.manifest;
  TRY(trust::add_level(index, manifest));
  TRY(directory.add_target(trust::role_of_series(manifest.series),
                           trust::level_path(manifest.series, manifest.build_id, manifest.level), made.archive));
  TRY(directory.set_index(index));
  TRY(directory.draft().advance({}));
  TRY(directory.save());
  if (context.json) {
    fmt::print("{}", TRY(trust::write_manifest(manifest)));
  } else {
    print(manifest);
    fmt::print("  {} bytes, staged in {}\n", made.archive.size(), given.draft);
  }
  return ExitCode::success;
}

struct LevelFloor {
  std::string kernel, draft = "draft";
  std::uint32_t level = 0;
};

Result<ExitCode> set_floor(const LevelFloor& given, const Context& context) {
  auto directory = TRY(publishing::DraftDirectory::open(given.draft, clock_now()));
  auto index = TRY(directory.index(given.kernel));
  if (!index)
    return fail(Error(fmt::format("{}: has no levels of kernel {}", given.draft, given.kernel))
                    .advise("suture level add makes the first"));
  const auto before = index->floor;
  index->floor = given.level;
  TRY(directory.set_index(*index));
  TRY(directory.draft().advance({}));
  TRY(directory.save());
  if (context.json) {
    fmt::print(
        "{}",
        json::pretty(
            {{"release", index->release}, {"build_id", index->build_id}, {"before", before}, {"floor", index->floor}}));
  } else {
    fmt::print("{}: the floor is {}, was {}; staged in {}\n", index->release, index->floor, before, given.draft);
  }
  return ExitCode::success;
}

}  // namespace

void add_level_command(Program& program) {
  auto group = program.group("level", "Levels of a draft: add the next, set a kernel's floor");
  const auto given = std::make_shared<LevelAddition>();
  auto command = program.command(group, "add", "Stage a built and proven live patch as its kernel's next level",
                                 "  suture level add out/fix.report.json --proof out/fix.proof.json --key lab.key\n"
                                 "  suture level add out/two.report.json --proof two.json \\\n"
                                 "    --proof two-over-one.json --key lab.key \\\n"
                                 "    --severity net.patch=high --withdraw bad.patch",
                                 [given](const Context& context) { return add(*given, context); });
  command.add_option("REPORT", given->report, "NAME.report.json of suture build; NAME.ko lies beside it").required();
  command
      .add_option("--proof", given->proofs,
                  "What suture prove --json printed: of the live patch alone, and over others")
      .type_name("FILE")
      .required()
      .one_at_a_time();
  command.add_option("--key", given->key, "Signs the test evidence: the key of whoever proved it")
      .type_name("FILE.key")
      .required();
  command.add_flag("--back-by-reboot", given->request.back_by_reboot,
                   "To take it back live does harm: only a reboot does it");
  command.add_option("--level", given->request.level, "Its number (the next, unless told)").type_name("N");
  command.add_option("--severity", given->severities, "critical, high, medium or low; unknown unless told")
      .type_name("FIX=SEVERITY")
      .one_at_a_time();
  command.add_option("--kind", given->kinds, "security or bugfix; security if the fix names a CVE")
      .type_name("FIX=KIND")
      .one_at_a_time();
  command.add_option("--withdraw", given->request.withdraws, "A fix of the level below that this one is to lack")
      .type_name("FIX")
      .one_at_a_time();
  add_draft_option(command, given->draft);
  add_passphrase_options(command, given->passphrase);

  const auto floor = std::make_shared<LevelFloor>();
  auto second = program.command(group, "floor", "Stage the level below which no host of a kernel goes",
                                "  suture level floor 6.1.0-53-amd64 3",
                                [floor](const Context& context) { return set_floor(*floor, context); });
  second.add_option("KERNEL", floor->kernel, "Release, or build-id of vmlinux").required();
  second.add_option("LEVEL", floor->level, "0: none").required();
  add_draft_option(second, floor->draft);
}

}  // namespace suture::cli
