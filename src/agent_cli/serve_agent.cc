#include "agent_cli/serve_agent.h"

#include "agent/preflight/preflight.h"
#include "agent/upgrade/choose.h"
#include "agent/upgrade/settle.h"
#include "agent_cli/offer.h"
#include "base/process.h"
#include "base/version.h"
#include "host/system/service.h"

namespace suture::agent_cli {
namespace {

constexpr auto installer_unit = "suture-agent-upgrade.service";

/// What of this host speaks against it.
Status check_host(const Site& site) {
  if (!site.config.may_upgrade)
    return fail("the configuration of this host lets no server upgrade the agent (fleet: upgrade)");
  if (const auto held = agent::kill_switches(site.root, site.config); !held.empty())
    return fail("{}", held.front().text);
  // The unit of the installer names it: it has to come to its end without a configuration, too.
  if (const agent::Config usual; fs::path(site.config.state) != fs::path(usual.state))
    return fail("the installer looks in {}, and the state of this host is in {}", usual.state, site.config.state);
  if (!program_exists("dpkg") || !fs::exists("/run/systemd/system"))
    return fail("this host is without dpkg or systemd, by which the agent is upgraded");
  return {};
}

Status fetch(repository::Update& update, const trust::AgentRelease& release, const agent::UpgradeRelease& remembered,
             const fs::path& directory) {
  const auto packages = agent::packages_for_host(release);
  for (std::size_t i = 0; i < packages.size(); ++i) {
    const auto file = TRY(update.agent_package(release, packages[i]));
    TRY(write_file(directory / remembered.packages[i].file, file));
  }
  return {};
}

/// Nothing if the release runs already.
Result<std::optional<agent::Upgrade>> prepare(Site& site, const trust::Assignment& assignment) {
  const auto directory = upgrade_directory(site);
  TRY(make_directories(directory));
  const auto last = TRY(agent::read_upgrade(directory));
  if (last && !is_over(*last)) return fail("the upgrade to {} is not over yet", last->to.version);
  const auto store = store_of(site);
  const auto source = TRY(source_of(site, ""));
  const trust::tuf::Time now{std::chrono::seconds(site.clock.now())};
  const auto update = TRY(repository::Update::begin(store, *source, now));
  TRY(update->refresh());
  const auto index = TRY(update->agent_index());
  if (!index) return fail("{} has no releases of the agent", source->name());
  const auto upgrade = TRY(agent::choose_upgrade(assignment, *index, version(), last));
  if (!upgrade) return std::nullopt;
  TRY(agent::clear_upgrade(directory));
  TRY(fetch(*update, *index->release(upgrade->from.release), upgrade->from, directory));
  TRY(fetch(*update, *index->release(upgrade->to.release), upgrade->to, directory));
  return upgrade;
}

Status begin(const Site& site, agent::Upgrade upgrade) {
  const auto directory = upgrade_directory(site);
  TRY(keep(directory, upgrade));
  const auto begun = begin_installer(site);
  if (begun) return {};
  upgrade.phase = agent::UpgradePhase::failed;
  upgrade.reason = begun.error().describe() + "; nothing was installed";
  TRY(keep(directory, upgrade));
  return fail("{}", upgrade.reason);
}

}  // namespace

fs::path upgrade_directory(const Site& site) { return fs::path(site.config.state) / "upgrade"; }

agent::Duty serve_agent(Site& site, const trust::Assignment& assignment, agent::Duty duty) {
  duty.agent = assignment.agent->version;
  const auto begun = [&]() -> Status {
    TRY(check_host(site));
    const auto upgrade = TRY(prepare(site, assignment));
    if (!upgrade) {
      duty.outcome = "done";
      duty.verdict = "well";
      return {};
    }
    duty.outcome = "started";
    duty.reason = fmt::format("taking the agent from {} to {}", upgrade->from.version, upgrade->to.version);
    return begin(site, *upgrade);
  }();
  if (begun) return duty;
  duty.outcome = "refused";
  duty.reason = begun.error().describe();
  return duty;
}

agent::Duty settle_agent(const Site& site, agent::Duty duty) {
  return agent::settle_upgrade(std::move(duty), agent::read_upgrade(upgrade_directory(site)), version());
}

Status begin_installer(const Site& site) {
  const auto upgrade = TRY(agent::read_upgrade(upgrade_directory(site)));
  if (!upgrade || is_over(*upgrade)) return {};
  TRY(agent::mark_unfinished(upgrade_directory(site)));
  return host::begin_service(installer_unit);
}

}  // namespace suture::agent_cli
