// suture verify
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "base/json.h"
#include "cli/agent_releases.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/draft_options.h"
#include "cli/fetch_options.h"
#include "publishing/key_file.h"
#include "repository/kernels.h"
#include "repository/update.h"
#include "trust/dsse.h"

namespace suture::cli {
namespace {

namespace tuf = trust::tuf;

struct VerifyArguments {
  std::string where, root, state;
  std::vector<std::string> kernels, evidence_keys;
  repository::FetchOptions fetch;
};

struct LevelView {
  std::uint32_t level = 0;
  std::string name, sha256;
  std::vector<std::string> fixes, cves, evidence_signed_by;
};
BOOST_DESCRIBE_STRUCT(LevelView, (), (level, name, sha256, fixes, cves, evidence_signed_by))

struct KernelView {
  std::string release, build_id;
  std::uint32_t floor = 0;
  std::vector<LevelView> levels;
};
BOOST_DESCRIBE_STRUCT(KernelView, (), (release, build_id, floor, levels))

Result<LevelView> view(const repository::VerifiedLevel& verified, const tuf::Keys& evidence_keys) {
  const auto& manifest = verified.level.manifest;
  LevelView view{.level = manifest.level,
                 .name = manifest.name,
                 .sha256 = verified.sha256,
                 .fixes = {},
                 .cves = {},
                 .evidence_signed_by = {}};
  for (const auto& fix : manifest.fixes) {
    view.fixes.push_back(fix.id);
    view.cves.insert(view.cves.end(), fix.cves.begin(), fix.cves.end());
  }
  if (evidence_keys.empty()) return view;
  const auto envelope = TRY(trust::read_envelope(as_text(verified.level.file(trust::evidence_file)),
                                                 fmt::format("level {}: {}", manifest.level, trust::evidence_file)));
  view.evidence_signed_by = trust::signers(envelope, evidence_keys);
  if (view.evidence_signed_by.empty()) {
    return fail("level {} of {}: none of the evidence keys given signed its test evidence", manifest.level,
                manifest.release);
  }
  return view;
}

/// Every package of the agent's releases; nothing if the repository has none.
Result<std::optional<trust::AgentIndex>> verify_agent(repository::Update& update, const Context& context) {
  auto index = TRY(update.agent_index());
  if (!index) return std::nullopt;
  for (const auto& release : index->releases) {
    for (const auto& package : release.packages) {
      context.progress.stage(trust::package_path(release, package));
      TRY(update.agent_package(release, package));
    }
  }
  return index;
}

void print(const std::vector<KernelView>& kernels, const std::optional<trust::AgentIndex>& agent,
           const std::vector<repository::Expiry>& expiries, tuf::Time now) {
  for (const auto& kernel : kernels) {
    fmt::print("{}  {}{}\n", kernel.release, kernel.build_id,
               kernel.floor == 0 ? "" : fmt::format("  floor {}", kernel.floor));
    for (const auto& level : kernel.levels) {
      fmt::print("  level {:<3} {}  {}\n", level.level, level.name,
                 fmt::join(level.cves.empty() ? level.fixes : level.cves, " "));
    }
  }
  if (agent) print_agent_releases(*agent);
  for (const auto& each : expiries) {
    fmt::print("{} is good until {}{}\n", each.role, tuf::format_time(each.expires),
               is_soon(each, now) ? "  WARNING: renew it soon" : "");
  }
}

Result<ExitCode> run(const VerifyArguments& given, const Context& context) {
  const auto now = clock_now();
  tuf::Keys evidence_keys;
  for (const auto& file : given.evidence_keys) {
    auto key = TRY(publishing::read_public_key(file));
    evidence_keys.emplace(key.id, key);
  }
  const auto temporary = TRY(TempDir::make());
  const repository::Store store(given.state.empty() ? temporary.path() : fs::path(given.state), given.root);
  const auto source = TRY(repository::open_source(given.where, given.fetch));
  const auto update = TRY(repository::Update::begin(store, *source, now));
  TRY(update->refresh());
  std::vector<KernelView> kernels;
  repository::WantedKernels wanted(given.kernels);
  for (const auto& path : repository::index_paths(TRY(update->targets()))) {
    context.progress.stage(path);
    const auto index = TRY(update->index_at(path));
    if (!index || !wanted.wants(*index)) continue;
    auto& kernel = kernels.emplace_back();
    kernel.release = index->release;
    kernel.build_id = index->build_id;
    kernel.floor = index->floor;
    for (const auto& level : index->levels) {
      const auto verified = TRY(update->level(index->release, index->build_id, level.level));
      auto seen = TRY(view(verified, evidence_keys));
      kernel.levels.push_back(std::move(seen));
    }
  }
  std::optional<trust::AgentIndex> agent;
  if (given.kernels.empty()) agent = TRY(verify_agent(*update, context));
  context.progress.stage("");
  if (!given.kernels.empty()) TRY(wanted.all_seen(given.where));
  const auto expiries = update->expiries();
  if (context.json) {
    boost::json::object good_until;
    for (const auto& each : expiries) good_until[each.role] = tuf::format_time(each.expires);
    fmt::print("{}", json::pretty({{"kernels", boost::json::value_from(kernels)},
                                   {"agent", agent ? boost::json::value_from(*agent) : boost::json::value()},
                                   {"good_until", good_until}}));
  } else {
    print(kernels, agent, expiries, now);
  }
  return ExitCode::success;
}

}  // namespace

void add_verify_command(Program& program) {
  const auto given = std::make_shared<VerifyArguments>();
  auto command =
      program.command(program.app(), "verify", "Check a repository as a host does, every byte, and list what it has",
                      "  suture verify /srv/suture --root root.json\n"
                      "  suture verify https://patches.example.org --root root.json \\\n"
                      "    --kernel 6.1.0-53-amd64\n"
                      "  suture verify suture.bundle --root root.json --evidence-key lab.pub",
                      [given](const Context& context) { return run(*given, context); });
  command.add_option("WHERE", given->where, "Directory, file of a bundle, or address").required();
  command
      .add_option("--root", given->root, "The root.json to begin with: the repository's 1.root.json, kept since then")
      .type_name("FILE")
      .required();
  command.add_option("--state", given->state, "Remember what was seen there, and refuse what is older the next time")
      .type_name("DIR");
  command.add_option("--kernel", given->kernels, "Only this one; may be repeated").type_name("RELEASE").one_at_a_time();
  command.add_option("--evidence-key", given->evidence_keys, "The test evidence must be signed by one of these")
      .type_name("FILE.pub")
      .one_at_a_time();
  add_fetch_options(command, given->fetch);
}

}  // namespace suture::cli
