#include "agent/upgrade/choose.h"

namespace suture::agent {
namespace {

UpgradeRelease as_remembered(const trust::AgentRelease& release) {
  UpgradeRelease remembered{.release = release.release, .version = release.version};
  for (const auto& each : packages_for_host(release))
    remembered.packages.push_back(
        {fmt::format("{}_{}_{}.deb", each.name, release.version, each.architecture), each.sha256});
  return remembered;
}

Status check_direction(trust::Action action, const trust::AgentRelease& from, const trust::AgentRelease& to,
                       std::uint32_t before) {
  if (action == trust::Action::agent_upgrade) {
    if (to.release < from.release)
      return fail("release {} ({}) runs; going back is another assignment", from.release, from.version);
    return {};
  }
  if (to.release > from.release) return fail("release {} is above {}, which runs", to.release, from.release);
  if (before == 0) return fail("it is not known here which release ran before {}", from.version);
  if (to.release != before) return fail("before {} release {} ran here, not {}", from.version, before, to.release);
  return {};
}

}  // namespace

std::vector<trust::AgentPackage> packages_for_host(const trust::AgentRelease& release) {
  std::vector<trust::AgentPackage> packages;
  for (const auto& each : release.packages)
    if (each.architecture == trust::agent_architecture || each.architecture == "all") packages.push_back(each);
  return packages;
}

Result<std::optional<Upgrade>> choose_upgrade(const trust::Assignment& assignment, const trust::AgentIndex& index,
                                              std::string_view running, const std::optional<Upgrade>& last) {
  if (!assignment.agent) return fail("it names no release");
  const auto& wanted = *assignment.agent;
  const auto* to = index.release(wanted.release);
  if (to == nullptr) return fail("the repository has no release {} of the agent", wanted.release);
  if (to->version != wanted.version)
    return fail("release {} is {} in the repository, not {}", wanted.release, to->version, wanted.version);
  const auto* package = to->package(trust::agent_package, trust::agent_architecture);
  if (package == nullptr) return fail("release {} is not for {}", wanted.release, trust::agent_architecture);
  if (package->sha256 != wanted.sha256)
    return fail("release {} has package {} in the repository, not {}", wanted.release, package->sha256, wanted.sha256);
  if (to->release < index.floor) return fail("release {} is below the floor, {}", to->release, index.floor);
  const auto* from = index.of_version(running);
  if (from == nullptr)
    return fail("{}, which runs, is no release in the repository: there would be no way back", running);
  if (from->release == to->release) return std::nullopt;
  if (from->package(trust::agent_package, trust::agent_architecture) == nullptr)
    return fail("{}, which runs, is not in the repository for {}: there would be no way back", running,
                trust::agent_architecture);
  const auto before = release_before(last, running);
  TRY(check_direction(assignment.action, *from, *to, before));
  return Upgrade{
      .sequence = assignment.sequence, .from = as_remembered(*from), .to = as_remembered(*to), .before = before};
}

}  // namespace suture::agent
