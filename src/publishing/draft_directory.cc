#include "publishing/draft_directory.h"

#include <algorithm>
#include <set>

#include "base/digest.h"
#include "trust/archive.h"
#include "trust/repository/roles.h"
#include "trust/tuf/role_names.h"

namespace suture::publishing {
namespace {

namespace tuf = trust::tuf;

constexpr std::string_view live_prefix = "live/", staged_prefix = "staged/";

struct Metadata {
  tuf::Files live, staged;
};

Result<Metadata> read_metadata(const fs::path& file) {
  Metadata metadata;
  std::error_code code;
  if (!fs::exists(file, code)) return metadata;
  const auto archive = TRY(read_file(file));
  for (const auto& member : TRY(trust::read_archive(archive, file.string()))) {
    Bytes content(member.content.begin(), member.content.end());
    if (member.name.starts_with(live_prefix)) {
      metadata.live[member.name.substr(live_prefix.size())] = std::move(content);
    } else if (member.name.starts_with(staged_prefix)) {
      metadata.staged[member.name.substr(staged_prefix.size())] = std::move(content);
    } else {
      return fail("{}: '{}' does not belong there", file.string(), member.name);
    }
  }
  return metadata;
}

Result<std::string> file_of(const std::string& path, const tuf::TargetFile& described) {
  const auto hash = described.hashes.find("sha256");
  if (hash == described.hashes.end()) return fail("{}: has no SHA-256", path);
  auto name = tuf::target_file_name(path, hash->second);
  if (!trust::is_clean_name(name)) return fail("'{}' is no name of a target", path);
  return name;
}

bool is_kernel_index(const std::string& path) { return path.ends_with("/kernel.json"); }
bool is_index(const std::string& path) { return is_kernel_index(path) || path == trust::agent_index_path; }

/// What the delegated roles speak of; staged metadata has the last word.
Result<std::map<std::string, tuf::TargetFile>> targets_of(const tuf::Files& live, const tuf::Files& staged) {
  std::map<std::string, tuf::TargetFile> all;
  for (const auto* files : {&live, &staged}) {
    for (const auto& [name, file] : *files) {
      const auto role = name.substr(0, name.size() - std::min<std::size_t>(name.size(), 5));
      if (tuf::is_top_level(role)) continue;
      const auto targets = TRY(tuf::read<tuf::Targets>(file, name));
      for (const auto& [path, described] : targets.content.targets) all.insert_or_assign(path, described);
    }
  }
  return all;
}

}  // namespace

Result<tuf::Files> read_live(repository::Source& source) {
  constexpr std::uint64_t most = 16'000'000;
  return trust::live_metadata([&](const std::string& name) { return source.fetch("metadata/" + name, most); });
}

Result<DraftDirectory> DraftDirectory::open_or_make(const fs::path& path, tuf::Time now) {
  TRY(make_directories(path));
  return open(path, now);
}

Result<DraftDirectory> DraftDirectory::open(const fs::path& path, tuf::Time now) {
  std::error_code code;
  if (!fs::is_directory(path, code)) {
    return fail(Error(fmt::format("{}: there is no draft", path.string()))
                    .advise("suture keys init begins the first, suture draft REPOSITORY another; --draft names one"));
  }
  auto lock = TRY(FileLock::take(path / ".lock"));
  auto metadata = TRY(read_metadata(path / "metadata.tar"));
  auto draft = TRY(trust::Draft::open(metadata.live, metadata.staged, now), "{}", path.string());
  return DraftDirectory(path, now, std::move(lock), std::move(metadata.live), std::move(draft));
}

Status DraftDirectory::begin_from(const fs::path& repository, bool discard) {
  if (draft_.anything_staged() && !discard) {
    return fail(Error(fmt::format("{}: holds changes that were not published", path_.string()))
                    .advise("publish them, or add --discard to lose them"));
  }
  const auto source = TRY(repository::directory_source(repository));
  auto live = TRY(read_live(*source));
  auto draft = TRY(trust::Draft::open(live, {}, now_), "{}", repository.string());
  for (const auto& [path, described] : TRY(targets_of(live, {}))) {
    if (!is_index(path)) continue;
    const auto name = TRY(file_of(path, described));
    const auto file = TRY(source->fetch("targets/" + name, static_cast<std::uint64_t>(described.length)));
    if (!file) return fail("{}: {} is missing", repository.string(), name);
    if (const auto same = tuf::check_bytes(*file, described.length, described.hashes, path); !same) {
      return fail("{}: {}", repository.string(), same.error().message);
    }
    const auto to = path_ / "targets" / name;
    TRY(make_directories(to.parent_path()));
    TRY(write_file(to, *file));
  }
  live_ = std::move(live);
  draft_ = std::move(draft);
  TRY(save());
  return remove_unused_targets();
}

Result<std::map<std::string, tuf::TargetFile>> DraftDirectory::targets() const { return targets_of(live_, staged()); }

Result<std::optional<Bytes>> DraftDirectory::target(const std::string& path, const tuf::TargetFile& described) const {
  const auto name = TRY(file_of(path, described));
  auto file = TRY(read_plain_file(path_ / "targets" / name, static_cast<std::uint64_t>(described.length) + 1));
  if (!file) return std::nullopt;
  if (const auto same = tuf::check_bytes(*file, described.length, described.hashes, path); !same) {
    return fail(Error(fmt::format("{}: {}", (path_ / "targets" / name).string(), same.error().message))
                    .advise("the draft was changed by hand or damaged; begin another with suture draft"));
  }
  return file;
}

Result<std::vector<trust::KernelIndex>> DraftDirectory::indexes() const {
  std::vector<trust::KernelIndex> all;
  for (const auto& [path, described] : TRY(targets())) {
    if (!is_kernel_index(path)) continue;
    const auto file = TRY(target(path, described));
    if (!file) return fail("{}: lacks {}", path_.string(), path);
    auto index = TRY(trust::read_kernel_index(as_text(*file), path));
    all.push_back(std::move(index));
  }
  return all;
}

Result<std::optional<trust::KernelIndex>> DraftDirectory::index(std::string_view kernel) const {
  std::optional<trust::KernelIndex> found;
  for (auto& index : TRY(indexes())) {
    if (index.release != kernel && index.build_id != kernel) continue;
    if (found) {
      return fail(Error(fmt::format("{} may mean {} or {}", kernel, found->build_id, index.build_id))
                      .advise("name the kernel by its build-id"));
    }
    found = std::move(index);
  }
  return found;
}

Status DraftDirectory::set_index(const trust::KernelIndex& index) {
  const auto series = TRY(trust::series_of(index.release));
  const auto text = TRY(trust::write_kernel_index(index));
  return add_target(trust::role_of_series(series), trust::index_path(series, index.build_id), as_bytes(text));
}

Result<trust::AgentIndex> DraftDirectory::agent_index() const {
  const auto path = std::string(trust::agent_index_path);
  const auto described = draft_.target(std::string(trust::agent_role), path);
  if (!described) return trust::AgentIndex{};
  const auto file = TRY(target(path, *described));
  if (!file) return fail("{}: lacks {}", path_.string(), path);
  return trust::read_agent_index(as_text(*file), path);
}

Status DraftDirectory::set_agent_index(const trust::AgentIndex& index) {
  const auto text = TRY(trust::write_agent_index(index));
  return add_target(std::string(trust::agent_role), std::string(trust::agent_index_path), as_bytes(text));
}

Status DraftDirectory::add_target(const std::string& role, const std::string& path, ByteView content) {
  const tuf::TargetFile described{.length = static_cast<std::int64_t>(content.size()),
                                  .hashes = {{"sha256", sha256_hex(content)}}};
  const auto name = TRY(file_of(path, described));
  TRY(draft_.delegate(role));
  const auto to = path_ / "targets" / name;
  TRY(make_directories(to.parent_path()));
  TRY(write_file(to, content));
  return draft_.set_target(role, path, described);
}

Status DraftDirectory::check_targets() const {
  const auto before = TRY(targets_of(live_, {}));
  for (const auto& [path, described] : TRY(targets())) {
    const auto old = before.find(path);
    if (old != before.end() && old->second == described) continue;
    const auto file = TRY(target(path, described));
    if (!file) return fail("{}: lacks {}, which its metadata speaks of", path_.string(), path);
  }
  return {};
}

Status DraftDirectory::save() const {
  std::vector<trust::ArchiveMember> members;
  const auto staged_files = staged();
  for (const auto& [name, file] : live_) members.push_back({std::string(live_prefix) + name, file});
  for (const auto& [name, file] : staged_files) members.push_back({std::string(staged_prefix) + name, file});
  const auto archive = TRY(trust::write_archive(members), "{}", path_.string());
  return write_file(path_ / "metadata.tar", archive);
}

Status DraftDirectory::published(tuf::Files live) {
  draft_ = TRY(trust::Draft::open(live, {}, now_));
  live_ = std::move(live);
  TRY(save());
  return remove_unused_targets();
}

/// Levels that went live are in the repository; here they would only grow old.
Status DraftDirectory::remove_unused_targets() const {
  std::set<fs::path> used;
  for (const auto& [path, described] : TRY(targets())) {
    const auto name = TRY(file_of(path, described));
    if (is_index(path)) used.insert(path_ / "targets" / name);
  }
  std::error_code ignored;
  std::vector<fs::path> unused;
  for (const auto& entry : fs::recursive_directory_iterator(path_ / "targets", ignored)) {
    if (entry.is_regular_file(ignored) && !used.contains(entry.path())) unused.push_back(entry.path());
  }
  for (const auto& each : unused) fs::remove(each, ignored);
  return {};
}

}  // namespace suture::publishing
