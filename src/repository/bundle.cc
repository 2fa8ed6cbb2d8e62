#include "repository/bundle.h"

#include <algorithm>
#include <map>

#include "repository/kernels.h"
#include "repository/leftovers.h"
#include "repository/update.h"
#include "trust/archive.h"
#include "trust/repository/draft.h"
#include "trust/tuf/role_names.h"

namespace suture::repository {
namespace {

namespace tuf = trust::tuf;

class BundleSource : public Source {
 public:
  BundleSource(fs::path file, Bytes archive, std::map<std::string, ByteView> members)
      : file_(std::move(file)), archive_(std::move(archive)), members_(std::move(members)) {}

  Result<std::optional<Bytes>> fetch(const std::string& path, std::uint64_t most) override {
    const auto member = members_.find(path);
    if (member == members_.end()) return std::nullopt;
    const auto content = member->second.first(std::min<std::uint64_t>(member->second.size(), most + 1));
    return Bytes(content.begin(), content.end());
  }
  std::string name() const override { return file_.string(); }

 private:
  fs::path file_;
  Bytes archive_;
  std::map<std::string, ByteView> members_;  ///< look into archive_
};

/// Remembers what was asked for, in order.
class Recorder : public Source {
 public:
  explicit Recorder(Source& source) : source_(source) {}

  Result<std::optional<Bytes>> fetch(const std::string& path, std::uint64_t most) override {
    auto file = TRY(source_.fetch(path, most));
    const bool known = std::any_of(files.begin(), files.end(), [&](const auto& each) { return each.first == path; });
    if (file && !known) files.emplace_back(path, *file);
    return file;
  }
  std::string name() const override { return source_.name(); }

  std::vector<std::pair<std::string, Bytes>> files;

 private:
  Source& source_;
};

Result<Trusted> trusted_of(const fs::path& repository, const fs::path& first_root) {
  std::error_code code;
  if (fs::exists(repository / "metadata", code)) {
    const auto source = TRY(directory_source(repository));
    auto live = TRY(
        trust::live_metadata([&](const std::string& name) { return source->fetch("metadata/" + name, 16'000'000); }));
    if (live.contains("root.json")) return Trusted{.files = std::move(live), .floor = {}};
  }
  if (first_root.empty()) {
    return fail(Error(fmt::format("{}: has no root to begin with", repository.string()))
                    .advise("name the repository's root with --root; it must not come with the bundle"));
  }
  auto root = TRY(read_file(first_root));
  return Trusted{.files = {{"root.json", std::move(root)}}, .floor = {}};
}

}  // namespace

Result<std::unique_ptr<Source>> bundle_source(const fs::path& file) {
  auto archive = TRY(read_file(file));
  std::map<std::string, ByteView> members;
  for (const auto& member : TRY(trust::read_archive(archive, file.string()))) {
    members.emplace(member.name, member.content);
  }
  return std::unique_ptr<Source>(std::make_unique<BundleSource>(file, std::move(archive), std::move(members)));
}

Result<Bytes> export_bundle(Source& source, const fs::path& first_root, const std::vector<std::string>& kernels,
                            tuf::Time now) {
  const auto state = TRY(TempDir::make());
  const Store store(state.path(), first_root);
  Recorder recorder(source);
  const auto update = TRY(Update::begin(store, recorder, now));
  TRY(update->refresh());
  const auto targets = TRY(update->targets());
  // For whoever begins with an older root than ours.
  for (std::int64_t version = 1; TRY(recorder.fetch("metadata/" + tuf::file_name("root", version), 512'000));)
    ++version;
  WantedKernels wanted(kernels);
  for (const auto& path : index_paths(targets)) {
    const auto index = TRY(update->index_at(path));
    if (!index) continue;
    if (!wanted.wants(*index)) {
      recorder.files.pop_back();
      continue;
    }
    for (const auto& level : index->levels) TRY(update->level(index->release, index->build_id, level.level));
  }
  const auto agent = TRY(update->agent_index());
  if (agent) {
    for (const auto& release : agent->releases) {
      for (const auto& package : release.packages) TRY(update->agent_package(release, package));
    }
  }
  if (!agent || !kernels.empty()) TRY(wanted.all_seen(source.name()));
  std::vector<trust::ArchiveMember> members;
  for (const auto& [name, content] : recorder.files) members.push_back({name, content});
  return trust::write_archive(members);
}

Result<Imported> import_bundle(const fs::path& file, const fs::path& repository, const fs::path& first_root,
                               tuf::Time now) {
  const auto source = TRY(bundle_source(file));
  const auto trusted = TRY(trusted_of(repository, first_root));
  const auto state = TRY(TempDir::make());
  TRY(write_file(state.path() / "root.json", trusted.files.at("root.json"), Sync::no));
  const Store store(state.path() / "state", state.path() / "root.json");
  TRY(make_directories(state.path() / "state"));
  TRY(store.save(trusted));

  Recorder recorder(*source);
  const auto update = TRY(Update::begin(store, recorder, now));
  TRY(update->refresh());
  Imported imported;
  for (const auto& [path, described] : TRY(update->targets())) {
    auto target = update->target(path);
    // A bundle need not have every kernel's.
    if (!target && update->refusal() && update->refusal()->reason == tuf::Reason::missing) continue;
    if (!target) return fail(std::move(target).error());
    if (*target) imported.targets.push_back(path);
  }
  // A client that begins with the first root needs those before ours.
  for (std::int64_t version = 1; TRY(recorder.fetch("metadata/" + tuf::file_name("root", version), 512'000));)
    ++version;

  // Targets, metadata under names of their own, roots, the timestamp: as publishing does.
  const auto rank = [](const std::string& name) {
    if (name == "metadata/timestamp.json") return 3;
    if (name.ends_with(".root.json")) return 2;
    return name.starts_with("metadata/") ? 1 : 0;
  };
  auto& files = recorder.files;
  std::stable_sort(files.begin(), files.end(),
                   [&](const auto& a, const auto& b) { return rank(a.first) < rank(b.first); });
  TRY(make_directories(repository / "metadata"));
  const auto held = TRY(FileLock::take(repository / ".publishing"));
  for (const auto& [name, content] : files) {
    const auto path = repository / name;
    const auto present = TRY(read_plain_file(path, content.size() + 1));
    if (present && *present == content) continue;
    TRY(make_directories(path.parent_path()));
    remove_leftovers(path.parent_path());
    TRY(write_file(path, content));
    imported.written.push_back(name);
  }
  return imported;
}

}  // namespace suture::repository
