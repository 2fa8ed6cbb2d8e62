#include "builder/kbuild/kept.h"

#include "base/digest.h"

namespace suture::builder {
namespace {

constexpr std::size_t digest_size = 64;

/// How much of a kept file is content, if it is whole.
std::optional<std::size_t> content_size(ByteView kept) {
  if (kept.size() < digest_size) return std::nullopt;
  const auto content = kept.first(kept.size() - digest_size);
  if (sha256_hex(content) != as_text(kept.last(digest_size))) return std::nullopt;
  return content.size();
}

}  // namespace

std::optional<Bytes> read_kept(const fs::path& path) {
  auto kept = read_file(path);
  if (!kept) return std::nullopt;
  const auto size = content_size(*kept);
  if (!size) return std::nullopt;
  kept->resize(*size);
  return std::move(*kept);
}

std::optional<SharedBytes> map_kept(const fs::path& path) {
  const auto kept = SharedBytes::map(path);
  if (!kept) return std::nullopt;
  const auto size = content_size(kept->view());
  if (!size) return std::nullopt;
  return kept->first(*size);
}

Status keep(const fs::path& path, Bytes content) {
  const auto digest = sha256_hex(content);
  content.insert(content.end(), digest.begin(), digest.end());
  TRY(make_directories(path.parent_path()));
  return write_file(path, content, Sync::no);
}

}  // namespace suture::builder
