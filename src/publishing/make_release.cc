#include "publishing/make_release.h"

#include <algorithm>

#include "base/digest.h"

namespace suture::publishing {
namespace {

/// Names in a Depends field that are wanted in exactly this version: "NAME (= VERSION)".
std::vector<std::string> needed_in_version(std::string_view depends, std::string_view version) {
  std::vector<std::string> names;
  const auto exactly = fmt::format("(={})", version);
  while (!depends.empty()) {
    const auto end = std::min(depends.find_first_of(",|"), depends.size());
    std::string each(depends.substr(0, end));
    depends.remove_prefix(std::min(end + 1, depends.size()));
    std::erase_if(each, [](char blank) { return blank == ' ' || blank == '\t' || blank == '\n'; });
    if (each.ends_with(exactly)) names.push_back(each.substr(0, each.size() - exactly.size()));
  }
  return names;
}

Status check_dependencies(const DebianPackage& agent, const std::vector<DebianPackage>& packages) {
  for (const auto& needed : needed_in_version(agent.depends, agent.version)) {
    const bool there = std::ranges::any_of(packages, [&](const DebianPackage& each) {
      return each.name == needed && (each.architecture == agent.architecture || each.architecture == "all");
    });
    if (!there) {
      return fail(
          Error(fmt::format("{}: depends on {} {}, which is not in the release", agent.file, needed, agent.version))
              .advise("name its .deb too"));
    }
  }
  return {};
}

}  // namespace

Result<MadeRelease> make_release(std::uint32_t number, std::vector<DebianPackage> packages,
                                 const trust::AgentIndex& index) {
  MadeRelease made;
  auto& release = made.release;
  release.release = number;
  if (number == 0) release.release = index.releases.empty() ? 1 : index.releases.back().release + 1;
  for (const auto& each : packages) {
    if (each.version != packages.front().version) {
      return fail(Error(fmt::format("{}: is version {}, and {} is version {}", each.file, each.version,
                                    packages.front().file, packages.front().version))
                      .advise("a release is of packages that were built together"));
    }
    release.version = each.version;
    release.packages.push_back({each.name, each.architecture, sha256_hex(each.content)});
    if (each.name == trust::agent_package) TRY(check_dependencies(each, packages));
  }
  made.index = index;
  TRY(trust::add_release(made.index, release));
  for (std::size_t i = 0; i < packages.size(); ++i) {
    made.targets.emplace_back(trust::package_path(release, release.packages[i]), std::move(packages[i].content));
  }
  return made;
}

}  // namespace suture::publishing
