#include "repository/update.h"

#include <algorithm>

#include "base/digest.h"
#include "trust/tuf/role_names.h"

namespace suture::repository {

namespace tuf = trust::tuf;

Result<std::unique_ptr<Update>> Update::begin(const Store& store, Source& source, tuf::Time clock,
                                              const tuf::ClientLimits& limits) {
  auto lock = TRY(store.lock());
  auto stored = TRY(store.load());
  const auto now = tuf::trusted_time(clock, stored.floor);
  auto client = TRY(tuf::Client::start(stored.files, now, limits));
  return std::unique_ptr<Update>(new Update(store, source, std::move(lock), std::move(stored), std::move(client), now));
}

tl::unexpected<Error> Update::refuse(tuf::Refusal refusal) {
  refusal_ = std::move(refusal);
  return fail("{}: not trusted ({}): {}", source_->name(), name_of(refusal_->reason), refusal_->message);
}

Status Update::save(tuf::Time floor) {
  // The first time always: a root that was configured since is not on disk yet.
  if (saved_ && stored_.files == client_.files() && stored_.floor == floor) return {};
  stored_ = {.files = client_.files(), .floor = floor};
  TRY(store_->save(stored_));
  saved_ = true;
  return {};
}

/// Gives the client what it wants, and stores what it then trusts.
Status Update::serve() {
  refusal_.reset();
  while (client_.wanted()) {
    const auto request = *client_.wanted();
    auto file = source_->fetch("metadata/" + request.file, request.max_length);
    if (!file) {
      TRY(save(stored_.floor));
      return fail(std::move(file).error());
    }
    if (*file) {
      client_.give(**file);
    } else {
      client_.not_found();
    }
  }
  TRY(save(client_.refusal() ? stored_.floor : now_));
  if (client_.refusal()) return refuse(*client_.refusal());
  return {};
}

Status Update::refresh() {
  TRY(serve());
  const auto pinned = TRY(store_->pinned());
  const auto have = TRY(versions_of(client_.files()));
  if (auto older = find_older(have, pinned)) return refuse({tuf::Reason::rollback, std::move(*older)});
  return {};
}

Result<std::optional<Bytes>> Update::target(const std::string& path) {
  if (!client_.refreshed()) return fail("{}: nothing is trusted before refresh()", source_->name());
  client_.find(path);
  TRY(serve());
  const auto& found = client_.found();
  if (!found) return std::nullopt;
  auto file = TRY(source_->fetch("targets/" + found->download, static_cast<std::uint64_t>(found->file.length)));
  if (!file) return refuse({tuf::Reason::missing, fmt::format("{}: the repository does not have it", path)});
  if (const auto same = tuf::check_target(*found, *file); !same) return refuse(same.error());
  return file;
}

Result<std::map<std::string, tuf::TargetFile>> Update::targets() {
  const auto read = [&](const std::string& role) {
    const auto name = tuf::file_name(role);
    const auto file = client_.files().find(name);
    return tuf::read<tuf::Targets>(file == client_.files().end() ? Bytes{} : file->second, name);
  };
  const auto top = TRY(read("targets"));
  std::map<std::string, tuf::TargetFile> all = top.content.targets;
  if (!top.content.delegations) return all;
  for (const auto& each : top.content.delegations->roles) {
    // A role is fetched, and verified, when a target is looked for that it may speak of.
    auto somewhere = each.paths && !each.paths->empty() ? each.paths->front() : std::string();
    std::replace(somewhere.begin(), somewhere.end(), '*', '-');
    client_.find(somewhere);
    TRY(serve());
    const auto role = TRY(read(each.name));
    for (const auto& [path, described] : role.content.targets) {
      if (each.covers(path)) all.emplace(path, described);
    }
  }
  return all;
}

Result<std::optional<trust::KernelIndex>> Update::index(std::string_view release, std::string_view build_id) {
  const auto series = TRY(trust::series_of(release));
  const auto path = trust::index_path(series, build_id);
  const auto file = TRY(target(path));
  if (!file) return std::nullopt;
  auto index = read_verified_index(*file, release, build_id, path);
  if (!index) return refuse({tuf::Reason::mismatch, index.error().describe()});
  TRY(store_->keep(build_id, "kernel", {.files = client_.files(), .floor = now_}, *file));
  return std::move(*index);
}

Result<std::optional<trust::KernelIndex>> Update::index_at(const std::string& path) {
  const auto file = TRY(target(path));
  if (!file) return std::nullopt;
  auto index = TRY(trust::read_kernel_index(as_text(*file), path));
  const auto series = TRY(trust::series_of(index.release), "{}", path);
  if (trust::index_path(series, index.build_id) != path)
    return refuse(
        {tuf::Reason::mismatch, fmt::format("{}: is the index of {} ({})", path, index.release, index.build_id)});
  return index;
}

Result<std::optional<trust::AgentIndex>> Update::agent_index() {
  const auto path = std::string(trust::agent_index_path);
  const auto file = TRY(target(path));
  if (!file) return std::nullopt;
  auto index = trust::read_agent_index(as_text(*file), path);
  if (!index) return refuse({tuf::Reason::mismatch, index.error().describe()});
  return std::move(*index);
}

Result<Bytes> Update::agent_package(const trust::AgentRelease& release, const trust::AgentPackage& package) {
  const auto path = trust::package_path(release, package);
  auto file = TRY(target(path));
  if (!file) return refuse({tuf::Reason::missing, fmt::format("{}: nobody who is trusted speaks of it", path)});
  // The role's metadata says what lies there; the index, what the release is made of.
  if (sha256_hex(*file) != package.sha256) {
    return refuse({tuf::Reason::mismatch, fmt::format("{}: is not the package that {} names for release {}", path,
                                                      trust::agent_index_path, release.release)});
  }
  return std::move(*file);
}

Result<VerifiedLevel> Update::level(std::string_view release, std::string_view build_id, std::uint32_t level) {
  const auto series = TRY(trust::series_of(release));
  const auto path = trust::level_path(series, build_id, level);
  auto file = TRY(target(path));
  if (!file) return refuse({tuf::Reason::missing, fmt::format("{}: nobody who is trusted speaks of it", path)});
  auto verified = read_verified_level(std::move(*file), client_.found()->file, release, build_id, level, path);
  if (!verified) return refuse({tuf::Reason::mismatch, verified.error().describe()});
  verified->verified = now_;
  TRY(store_->keep(build_id, fmt::format("level-{}", level), {.files = client_.files(), .floor = now_},
                   verified->archive));
  return verified;
}

std::vector<Expiry> Update::expiries() const {
  std::vector<Expiry> all;
  const auto& trusted = client_.trusted();
  all.push_back({"root", trusted.root().expires});
  if (client_.refreshed()) {
    all.push_back({"timestamp", trusted.timestamp().expires});
    all.push_back({"snapshot", trusted.snapshot().expires});
  }
  for (const auto& [name, file] : client_.files()) {
    if (name == "root.json" || name == "timestamp.json" || name == "snapshot.json") continue;
    if (const auto targets = tuf::read<tuf::Targets>(file, name)) {
      all.push_back({name.substr(0, name.size() - 5), targets->content.expires});
    }
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.expires < b.expires; });
  return all;
}

}  // namespace suture::repository
