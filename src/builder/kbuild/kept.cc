#include "builder/kbuild/kept.h"

#include "base/digest.h"

namespace suture::builder {
namespace {

constexpr std::size_t digest_size = 64;

}  // namespace

std::optional<Bytes> read_kept(const fs::path& path) {
  auto content = read_file(path);
  if (!content || content->size() < digest_size) return std::nullopt;
  const std::string digest(as_text(*content).substr(content->size() - digest_size));
  content->resize(content->size() - digest_size);
  if (sha256_hex(*content) != digest) return std::nullopt;
  return std::move(*content);
}

Status keep(const fs::path& path, Bytes content) {
  const auto digest = sha256_hex(content);
  content.insert(content.end(), digest.begin(), digest.end());
  TRY(make_directories(path.parent_path()));
  return write_file(path, content, Sync::no);
}

}  // namespace suture::builder
