#include "trust/level/level.h"

#include <algorithm>

#include "base/digest.h"

namespace suture::trust {
namespace {

constexpr std::string_view manifest_name = "manifest.json";

ManifestFile described(const ArchiveMember& file) {
  return {.name = file.name, .length = file.content.size(), .sha256 = sha256_hex(file.content)};
}

}  // namespace

ByteView Level::file(std::string_view name) const {
  const auto found =
      std::find_if(files.begin(), files.end(), [&](const ArchiveMember& each) { return each.name == name; });
  return found == files.end() ? ByteView{} : found->content;
}

Result<Bytes> write_level(Manifest manifest, const std::vector<ArchiveMember>& files) {
  manifest.files.clear();
  for (const auto& each : files) manifest.files.push_back(described(each));
  const auto text = TRY(write_manifest(manifest));
  std::vector<ArchiveMember> members{{std::string(manifest_name), as_bytes(text)}};
  members.insert(members.end(), files.begin(), files.end());
  return write_archive(members);
}

Result<Level> read_level(ByteView archive, std::string_view name) {
  auto members = TRY(read_archive(archive, name));
  if (members.empty() || members.front().name != manifest_name) return fail("{}: does not begin with a manifest", name);
  Level level;
  level.manifest = TRY(read_manifest(as_text(members.front().content), fmt::format("{}: {}", name, manifest_name)));
  members.erase(members.begin());
  const auto& listed = level.manifest.files;
  if (members.size() != listed.size()) {
    return fail("{}: has {} files, the manifest lists {}", name, members.size(), listed.size());
  }
  for (std::size_t i = 0; i < listed.size(); ++i) {
    const auto found = described(members[i]);
    if (found.name != listed[i].name || found.length != listed[i].length || found.sha256 != listed[i].sha256) {
      return fail("{}: {}: is not the file that the manifest lists as {}", name, found.name, listed[i].name);
    }
  }
  level.files = std::move(members);
  return level;
}

}  // namespace suture::trust
