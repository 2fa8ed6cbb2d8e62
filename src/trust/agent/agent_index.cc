#include "trust/agent/agent_index.h"

#include <algorithm>
#include <set>

#include "base/json.h"
#include "base/read_described.h"
#include "trust/level/words.h"

namespace suture::trust {
namespace {

constexpr std::string_view small = "abcdefghijklmnopqrstuvwxyz0123456789";

/// Debian Policy 4.6, 5.6.1 and 5.6.8: what may be in a file's name here without meaning more.
bool is_package_word(std::string_view text) {
  return !text.empty() && text.size() <= 64 && small.find(text.front()) != std::string_view::npos &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+.-") == std::string_view::npos;
}

/// Debian Policy 4.6, 5.6.12, without an epoch or a revision: the program calls itself so, too, and is known by it.
bool is_version(std::string_view text) {
  return !text.empty() && text.size() <= 64 && text.front() >= '0' && text.front() <= '9' &&
         text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+.~") ==
             std::string_view::npos;
}

Status check(const AgentRelease& release) {
  if (!is_version(release.version)) return fail("'{}' is no version without epoch and revision", release.version);
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const auto& each : release.packages) {
    if (!is_package_word(each.name) || !is_package_word(each.architecture))
      return fail("packages: '{}' of '{}' is no package's name and architecture", each.name, each.architecture);
    if (!is_sha256(each.sha256)) return fail("packages: {}: '{}' is no SHA-256", each.name, each.sha256);
    if (!seen.emplace(each.name, each.architecture).second)
      return fail("packages: {} for {} is there twice", each.name, each.architecture);
  }
  const auto is_agent = [](const AgentPackage& each) { return each.name == agent_package; };
  if (std::ranges::none_of(release.packages, is_agent)) return fail("packages: {} is not among them", agent_package);
  return {};
}

Status check(const AgentIndex& index) {
  if (index.format != 1) return fail("is of format {}; this version reads format 1", index.format);
  std::uint32_t before = 0;
  std::set<std::string_view> versions;
  for (const auto& each : index.releases) {
    if (each.release <= before) return fail("releases: are not ascending from 1");
    before = each.release;
    if (!versions.insert(each.version).second) return fail("releases: version {} is there twice", each.version);
    TRY(check(each), "releases: {}", each.release);
  }
  if (index.floor != 0 && index.release(index.floor) == nullptr)
    return fail("floor: there is no release {}", index.floor);
  return {};
}

}  // namespace

const AgentPackage* AgentRelease::package(std::string_view name, std::string_view architecture) const {
  const auto found = std::ranges::find_if(
      packages, [&](const AgentPackage& each) { return each.name == name && each.architecture == architecture; });
  return found == packages.end() ? nullptr : &*found;
}

const AgentRelease* AgentIndex::release(std::uint32_t number) const {
  const auto found = std::ranges::find(releases, number, &AgentRelease::release);
  return found == releases.end() ? nullptr : &*found;
}

const AgentRelease* AgentIndex::of_version(std::string_view version) const {
  const auto found = std::ranges::find(releases, version, &AgentRelease::version);
  return found == releases.end() ? nullptr : &*found;
}

Result<AgentIndex> read_agent_index(std::string_view text, std::string_view name) {
  auto index = TRY(json::from_strict_text<AgentIndex>(text, name));
  TRY(check(index), "{}", name);
  return index;
}

Result<std::string> write_agent_index(const AgentIndex& index) {
  TRY(check(index), "the index of the agent's releases");
  return json::to_text(index);
}

Status add_release(AgentIndex& index, AgentRelease release) {
  if (!index.releases.empty() && index.releases.back().release >= release.release) {
    return fail(Error(fmt::format("release {} of the agent is there already", index.releases.back().release))
                    .advise(fmt::format("releases only grow: use {} or more", index.releases.back().release + 1)));
  }
  auto next = index;
  next.releases.push_back(std::move(release));
  TRY(check(next));
  index = std::move(next);
  return {};
}

std::string package_path(const AgentRelease& release, const AgentPackage& package) {
  return fmt::format("agent/{}/{}_{}.deb", release.release, package.name, package.architecture);
}

}  // namespace suture::trust
