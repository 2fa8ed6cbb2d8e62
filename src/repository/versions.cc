#include "repository/versions.h"

namespace suture::repository {
namespace {

namespace tuf = trust::tuf;

template <typename Content>
Status read_version(const tuf::Files& files, const std::string& name, std::int64_t& into) {
  const auto file = files.find(name);
  if (file == files.end()) return {};
  const auto read = TRY(tuf::read<Content>(file->second, name));
  into = read.content.version;
  return {};
}

}  // namespace

Result<Versions> versions_of(const tuf::Files& files) {
  Versions versions;
  TRY(read_version<tuf::Root>(files, "root.json", versions.root));
  TRY(read_version<tuf::Timestamp>(files, "timestamp.json", versions.timestamp));
  TRY(read_version<tuf::Snapshot>(files, "snapshot.json", versions.snapshot));
  TRY(read_version<tuf::Targets>(files, "targets.json", versions.targets));
  return versions;
}

std::optional<std::string> find_older(const Versions& have, const Versions& least) {
  const auto compare = [](std::string_view name, std::int64_t version,
                          std::int64_t lowest) -> std::optional<std::string> {
    if (version >= lowest) return std::nullopt;
    return fmt::format("{}.json: version {} is older than {}, which this host was told at its enrolment", name, version,
                       lowest);
  };
  for (auto older :
       {compare("root", have.root, least.root), compare("timestamp", have.timestamp, least.timestamp),
        compare("snapshot", have.snapshot, least.snapshot), compare("targets", have.targets, least.targets)})
    if (older) return older;
  return std::nullopt;
}

}  // namespace suture::repository
