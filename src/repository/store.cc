#include "repository/store.h"

#include <algorithm>
#include <charconv>

#include "base/digest.h"
#include "base/json.h"
#include "base/read_described.h"
#include "repository/leftovers.h"
#include "trust/level/words.h"

namespace suture::repository {
namespace {

namespace tuf = trust::tuf;

constexpr std::string_view time_member = "time", target_member = "target", metadata_prefix = "metadata/";

/// Metadata and a time as members of an archive; `time` must live as long.
std::vector<trust::ArchiveMember> members_of(const Trusted& trusted, const std::string& time) {
  std::vector<trust::ArchiveMember> members{{std::string(time_member), as_bytes(time)}};
  for (const auto& [name, file] : trusted.files) members.push_back({std::string(metadata_prefix) + name, file});
  return members;
}

struct Kept {
  Trusted trusted;
  ByteView target;  ///< looks into the archive
};

Result<Kept> read_members(ByteView archive, const std::string& name) {
  Kept kept;
  bool has_time = false;
  for (const auto& member : TRY(trust::read_archive(archive, name))) {
    if (member.name == time_member) {
      kept.trusted.floor = TRY(tuf::parse_time(as_text(member.content)), "{}", name);
      has_time = true;
    } else if (member.name == target_member) {
      kept.target = member.content;
    } else if (member.name.starts_with(metadata_prefix)) {
      kept.trusted.files[member.name.substr(metadata_prefix.size())] = {member.content.begin(), member.content.end()};
    } else {
      return fail("{}: '{}' does not belong there", name, member.name);
    }
  }
  if (!has_time) return fail("{}: does not say of what time it is", name);
  return kept;
}

std::string level_name(std::uint32_t level) { return fmt::format("level-{}", level); }

/// The target's description, after what was trusted then has been asked about its bytes again.
Result<tuf::TargetFile> verify_again(const Kept& kept, const std::string& path, const std::string& name) {
  const auto bad = [&](std::string_view why) {
    return fail(Error(fmt::format("{}: {}", name, why)).advise("remove the file; it is fetched again when needed"));
  };
  auto client = TRY(tuf::Client::start(kept.trusted.files, kept.trusted.floor), "{}", name);
  // Everything else is among the files that it begins with.
  const auto serve = [&] {
    while (client.wanted()) {
      const auto file = kept.trusted.files.find(client.wanted()->file);
      if (file == kept.trusted.files.end()) {
        client.not_found();
      } else {
        client.give(file->second);
      }
    }
  };
  serve();
  if (client.refreshed()) client.find(path);
  serve();
  if (client.refusal()) return bad(client.refusal()->message);
  if (!client.found()) return bad(fmt::format("its metadata does not speak of {}", path));
  if (const auto same = tuf::check_target(*client.found(), kept.target); !same) return bad(same.error().message);
  return client.found()->file;
}

}  // namespace

Result<VerifiedLevel> read_verified_level(Bytes target, const tuf::TargetFile& described, std::string_view release,
                                          std::string_view build_id, std::uint32_t level, const std::string& name) {
  VerifiedLevel verified;
  const auto hash = described.hashes.find("sha256");
  verified.sha256 = hash == described.hashes.end() ? sha256_hex(target) : hash->second;
  verified.level = TRY(trust::read_level(target, name));
  verified.archive = std::move(target);
  const auto& manifest = verified.level.manifest;
  if (manifest.release != release || manifest.build_id != build_id || manifest.level != level) {
    return fail("{}: is level {} of {} ({}), not level {} of {} ({})", name, manifest.level, manifest.release,
                manifest.build_id, level, release, build_id);
  }
  return verified;
}

Result<trust::KernelIndex> read_verified_index(ByteView target, std::string_view release, std::string_view build_id,
                                               const std::string& name) {
  auto index = TRY(trust::read_kernel_index(as_text(target), name));
  if (index.release != release || index.build_id != build_id) {
    return fail("{}: is of {} ({}), not of {} ({})", name, index.release, index.build_id, release, build_id);
  }
  return index;
}

fs::path Store::kept_file(std::string_view build_id, const std::string& name) const {
  return directory_ / "kept" / build_id / (name + ".tar");
}

Status Store::pin(const Versions& versions) const {
  TRY(make_directories(directory_));
  return write_text(directory_ / "pinned.json", json::to_text(versions));
}

Result<Versions> Store::pinned() const {
  const auto path = directory_ / "pinned.json";
  std::error_code code;
  if (!fs::exists(path, code)) return Versions{};
  const auto text = TRY(read_text(path));
  return json::from_strict_text<Versions>(text, path.string());
}

Result<Versions> Store::versions() const {
  const auto trusted = TRY(load());
  return versions_of(trusted.files);
}

Result<FileLock> Store::lock() const {
  TRY(make_directories(directory_));
  return FileLock::take(directory_ / "lock");
}

Result<Trusted> Store::load() const {
  remove_leftovers(directory_);
  const auto path = directory_ / "trusted.tar";
  const auto first = TRY(read_file(first_root_), "the root to begin with");
  const auto root = TRY(tuf::read<tuf::Root>(first, first_root_.string()), "the root to begin with");
  std::error_code code;
  if (!fs::exists(path, code)) return Trusted{.files = {{"root.json", first}}, .floor = {}};
  const auto archive = TRY(read_file(path));
  auto kept = read_members(archive, path.string());
  if (!kept) {
    return fail(std::move(kept).error().advise(
        fmt::format("remove {} to begin with {} again; what it said of older metadata is lost then", path.string(),
                    first_root_.string())));
  }
  auto& files = kept->trusted.files;
  const auto now = TRY(tuf::read<tuf::Root>(files["root.json"], path.string() + ": root.json"));
  if (root.content.version > now.content.version) files["root.json"] = first;
  return std::move(kept->trusted);
}

Status Store::save(const Trusted& trusted) const {
  const auto time = tuf::format_time(trusted.floor);
  const auto archive = TRY(trust::write_archive(members_of(trusted, time)), "the trusted metadata");
  return write_file(directory_ / "trusted.tar", archive);
}

Status Store::keep(std::string_view build_id, const std::string& name, const Trusted& proof, ByteView target) const {
  if (!trust::is_build_id(build_id)) return fail("'{}' is no build-id", build_id);
  const auto path = kept_file(build_id, name);
  TRY(make_directories(path.parent_path()));
  remove_leftovers(path.parent_path());
  const auto time = tuf::format_time(proof.floor);
  auto members = members_of(proof, time);
  members.push_back({std::string(target_member), target});
  const auto archive = TRY(trust::write_archive(members), "{}", path.string());
  return write_file(path, archive);
}

std::vector<std::uint32_t> Store::kept_levels(std::string_view build_id) const {
  std::vector<std::uint32_t> levels;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(directory_ / "kept" / build_id, ignored)) {
    const auto name = entry.path().filename().string();
    std::uint32_t level = 0;
    if (!name.starts_with("level-")) continue;
    std::from_chars(name.data() + 6, name.data() + name.size(), level);
    if (name == level_name(level) + ".tar") levels.push_back(level);
  }
  std::sort(levels.begin(), levels.end());
  return levels;
}

Result<VerifiedLevel> Store::kept_level(std::string_view release, std::string_view build_id,
                                        std::uint32_t level) const {
  const auto path = kept_file(build_id, level_name(level));
  const auto archive = TRY(read_file(path));
  const auto kept = TRY(read_members(archive, path.string()));
  const auto series = TRY(trust::series_of(release));
  const auto described = TRY(verify_again(kept, trust::level_path(series, build_id, level), path.string()));
  auto verified = TRY(read_verified_level(Bytes(kept.target.begin(), kept.target.end()), described, release, build_id,
                                          level, path.string()));
  verified.verified = kept.trusted.floor;
  return verified;
}

Result<std::optional<trust::KernelIndex>> Store::kept_index(std::string_view release, std::string_view build_id) const {
  const auto path = kept_file(build_id, "kernel");
  std::error_code code;
  if (!fs::exists(path, code)) return std::nullopt;
  const auto archive = TRY(read_file(path));
  const auto kept = TRY(read_members(archive, path.string()));
  const auto series = TRY(trust::series_of(release));
  TRY(verify_again(kept, trust::index_path(series, build_id), path.string()));
  return TRY(read_verified_index(kept.target, release, build_id, path.string()));
}

Status Store::forget_level(std::string_view build_id, std::uint32_t level) const {
  return remove_tree(kept_file(build_id, level_name(level)));
}

}  // namespace suture::repository
