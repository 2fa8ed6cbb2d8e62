#include "publishing/publish.h"

#include <algorithm>

#include "repository/leftovers.h"
#include "trust/archive.h"
#include "trust/tuf/role_names.h"

namespace suture::publishing {
namespace {

namespace tuf = trust::tuf;

using Written = std::vector<std::pair<std::string, Bytes>>;  ///< names below the repository

Result<FileLock> lock(const fs::path& repository) {
  TRY(make_directories(repository / "metadata"));
  TRY(make_directories(repository / "targets"));
  auto held = TRY(FileLock::take(repository / ".publishing"));
  repository::remove_leftovers(repository / "metadata");
  return held;
}

/// Whether the draft began from what is live. What an interrupted publishing of this very draft left is.
Status check_base(const tuf::Files& live, const DraftDirectory& draft, const fs::path& repository) {
  const auto staged = draft.staged();
  const auto is = [](const tuf::Files& files, const std::string& name, const Bytes& file) {
    const auto found = files.find(name);
    return found != files.end() && found->second == file;
  };
  const auto changed = [&](const std::string& name) {
    return fail(
        Error(fmt::format("{}: {} is not the one that {} began from", repository.string(), name, draft.path().string()))
            .advise("somebody published meanwhile, or the draft is of another repository. Begin another with "
                    "suture draft, and make the changes again"));
  };
  for (const auto& [name, file] : live) {
    if (name != "timestamp.json" && !is(draft.live(), name, file) && !is(staged, name, file)) return changed(name);
  }
  for (const auto& [name, file] : draft.live()) {
    if (!live.contains(name)) return changed(name);
  }
  return {};
}

/// The repository as it would be: files that are to be written, above the directory.
class Overlay : public repository::Source {
 public:
  Overlay(repository::Source& below, const Written& written) : below_(below), written_(written) {}
  Result<std::optional<Bytes>> fetch(const std::string& path, std::uint64_t most) override {
    for (const auto& [name, file] : written_) {
      if (name == path) return file;
    }
    return below_.fetch(path, most);
  }
  std::string name() const override { return "what is about to be published"; }

 private:
  repository::Source& below_;
  const Written& written_;
};

/// What a client that knows the first root alone makes of it: it must accept the metadata and find each of
/// these targets, whole.
Result<std::vector<repository::Expiry>> check_as_client(repository::Source& source,
                                                        const std::vector<std::string>& targets, tuf::Time now) {
  const auto root = TRY(source.fetch("metadata/1.root.json", 512'000));
  if (!root) return fail("{}: there is no first root", source.name());
  const auto state = TRY(TempDir::make());
  TRY(write_file(state.path() / "root.json", *root, Sync::no));
  const repository::Store store(state.path() / "state", state.path() / "root.json");
  const auto update = TRY(repository::Update::begin(store, source, now));
  TRY(update->refresh());
  for (const auto& path : targets) {
    const auto file = TRY(update->target(path));
    if (!file) return fail("{}: nobody speaks of {}", source.name(), path);
  }
  TRY(update->targets());  // the ends of all roles
  return update->expiries();
}

Status write(const fs::path& repository, const Written& files, std::vector<std::string>& written) {
  for (const auto& [name, file] : files) {
    const auto path = repository / name;
    TRY(make_directories(path.parent_path()));
    repository::remove_leftovers(path.parent_path());
    TRY(write_file(path, file));
    written.push_back(name);
  }
  return {};
}

/// Metadata in the order in which it is written. A new root comes as late as it can: from then on clients ask
/// for what its keys signed.
Written in_order(const std::vector<std::pair<std::string, Bytes>>& publishable) {
  Written files;
  for (const auto& [name, file] : publishable) files.emplace_back("metadata/" + name, file);
  const auto is_root = [](const auto& file) { return file.first.ends_with(".root.json"); };
  std::stable_partition(files.begin(), files.end(),
                        [&](const auto& file) { return !is_root(file) && file.first != "metadata/timestamp.json"; });
  std::stable_partition(files.begin(), files.end(),
                        [](const auto& file) { return file.first != "metadata/timestamp.json"; });
  return files;
}

}  // namespace

Result<Published> publish(DraftDirectory& directory, const fs::path& repository,
                          const std::vector<trust::ed25519::PrivateKey>& keys, tuf::Time now) {
  const auto held = TRY(lock(repository));
  const auto source = TRY(repository::directory_source(repository));
  const auto live = TRY(read_live(*source));
  TRY(check_base(live, directory, repository));
  Published published;
  if (!directory.draft().anything_staged() && live == directory.live()) return published;
  auto draft = TRY(trust::Draft::open(live, directory.staged(), now));
  TRY(draft.advance(keys));
  published.missing = draft.missing();
  if (!published.missing.empty()) return published;

  Written files;
  std::vector<std::string> new_targets;
  for (const auto& [path, described] : TRY(directory.targets())) {
    const auto name = "targets/" + tuf::target_file_name(path, described.hashes.at("sha256"));
    std::error_code code;
    if (fs::file_size(repository / name, code) == static_cast<std::uintmax_t>(described.length) && !code) continue;
    auto file = TRY(directory.target(path, described));
    if (!file) return fail("{}: lacks {}, and {} has it neither", directory.path().string(), path, repository.string());
    files.emplace_back(name, std::move(*file));
    new_targets.push_back(path);
  }
  auto metadata = in_order(draft.publishable());
  files.insert(files.end(), std::make_move_iterator(metadata.begin()), std::make_move_iterator(metadata.end()));
  Overlay overlay(*source, files);
  published.expiries = TRY(check_as_client(overlay, new_targets, now), "nothing was published");
  TRY(write(repository, files, published.written));
  auto now_live = TRY(read_live(*source));
  TRY(directory.published(std::move(now_live)));
  published.done = true;
  return published;
}

Result<Published> renew_timestamp(const fs::path& repository, const std::vector<trust::ed25519::PrivateKey>& keys,
                                  tuf::Time now) {
  // A mistyped name must not become a directory.
  const auto source = TRY(repository::directory_source(repository));
  const auto held = TRY(lock(repository));
  const auto live = TRY(read_live(*source));
  auto draft = TRY(trust::Draft::open(live, {}, now));
  TRY(draft.renew("timestamp"));
  TRY(draft.advance(keys));
  Published published{.done = false, .missing = draft.missing(), .written = {}, .expiries = {}};
  if (!published.missing.empty()) return published;
  const auto files = in_order(draft.publishable());
  Overlay overlay(*source, files);
  published.expiries = TRY(check_as_client(overlay, {}, now), "nothing was published");
  TRY(write(repository, files, published.written));
  published.done = true;
  return published;
}

}  // namespace suture::publishing
