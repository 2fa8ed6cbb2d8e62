#include "builder/compile/object_cache.h"

#include "base/digest.h"
#include "base/numbers.h"

namespace suture::builder {
namespace {

// An entry: this line, the SHA-256 of all that follows its own line, then the number of
// dependencies, one line "DIGEST PATH" for each, the number of warnings, one line of "FILE", "FUNCTION" and "TEXT"
// split by tabs for each, and the object.
constexpr std::string_view magic = "suture object 3\n";
constexpr std::size_t hex_digest_size = 64;

class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  std::optional<std::string_view> next() {
    const auto end = rest_.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const auto line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return line;
  }
  std::optional<std::size_t> next_count() {
    const auto line = next();
    return line ? to_number<std::size_t>(*line) : std::nullopt;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

}  // namespace

std::string FileDigests::of(const fs::path& file) {
  const auto name = file.string();
  {
    const std::scoped_lock lock(mutex_);
    if (const auto known = known_.find(name); known != known_.end()) return known->second;
  }
  const auto content = read_file(file);
  auto digest = content ? sha256_hex(*content) : std::string();
  const std::scoped_lock lock(mutex_);
  return known_.emplace(name, std::move(digest)).first->second;
}

std::optional<CachedObject> ObjectCache::load(const std::string& key, const DigestOf& digest_of) const {
  const auto file = read_text(directory_ / key);
  if (!file || !file->starts_with(magic)) return std::nullopt;
  Lines lines(std::string_view(*file).substr(magic.size()));
  const auto digest = lines.next();
  if (!digest || *digest != sha256_hex(as_bytes(lines.rest()))) return std::nullopt;

  CachedObject entry;
  const auto dependencies = lines.next_count();
  if (!dependencies) return std::nullopt;
  for (std::size_t i = 0; i < *dependencies; ++i) {
    const auto line = lines.next();
    if (!line || line->size() < hex_digest_size + 2) return std::nullopt;
    const std::string dependency(line->substr(hex_digest_size + 1));
    if (digest_of(dependency) != line->substr(0, hex_digest_size)) return std::nullopt;
    entry.dependencies.push_back(dependency);
  }
  const auto warnings = lines.next_count();
  if (!warnings) return std::nullopt;
  for (std::size_t i = 0; i < *warnings; ++i) {
    const auto line = lines.next();
    const auto first_tab = line ? line->find('\t') : std::string_view::npos;
    const auto second_tab = line && first_tab != line->npos ? line->find('\t', first_tab + 1) : std::string_view::npos;
    if (second_tab == std::string_view::npos) return std::nullopt;
    entry.warnings.push_back({std::string(line->substr(0, first_tab)),
                              std::string(line->substr(first_tab + 1, second_tab - first_tab - 1)),
                              std::string(line->substr(second_tab + 1))});
  }
  const auto object = as_bytes(lines.rest());
  entry.object.assign(object.begin(), object.end());
  return entry;
}

Status ObjectCache::store(const std::string& key, const CachedObject& entry, const DigestOf& digest_of) const {
  std::string content = fmt::format("{}\n", entry.dependencies.size());
  for (const auto& dependency : entry.dependencies) {
    const auto digest = digest_of(dependency);
    // A file that is gone or a name that does not fit on a line: not worth keeping.
    if (digest.size() != hex_digest_size || dependency.find('\n') != std::string::npos) return {};
    content += fmt::format("{} {}\n", digest, dependency);
  }
  content += fmt::format("{}\n", entry.warnings.size());
  for (const auto& [file, function, text] : entry.warnings) {
    if ((file + function).find_first_of("\t\n") != std::string::npos || text.find('\n') != std::string::npos) return {};
    content += fmt::format("{}\t{}\t{}\n", file, function, text);
  }
  content += as_text(entry.object);
  TRY(make_directories(directory_));
  // No sync: a power loss leaves an entry that load() finds damaged.
  return write_text(directory_ / key, fmt::format("{}{}\n{}", magic, sha256_hex(as_bytes(content)), content), Sync::no);
}

}  // namespace suture::builder
