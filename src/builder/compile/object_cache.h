// Compiled objects, kept on the disk by what they were made of. Entries are found by a key (command,
// compiler, fix) and used only if every file that the compiler read still has the content that it had.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/file.h"
#include "builder/compile/compiler_warnings.h"

namespace suture::builder {

struct CachedObject {
  Bytes object;
  std::vector<std::string> dependencies;  ///< what the compiler read, as it spelled them
  std::vector<CompilerWarning> warnings;
};

/// Digests of files, each read once in this process. Safe to call from several threads.
class FileDigests {
 public:
  /// Empty if the file cannot be read: equal to no digest.
  std::string of(const fs::path& file);

 private:
  std::mutex mutex_;
  std::map<std::string, std::string> known_;
};

class ObjectCache {
 public:
  /// Entries lie in `directory`, which is made when needed.
  explicit ObjectCache(fs::path directory) : directory_(std::move(directory)) {}

  /// How the content of a dependency is found, by its spelling.
  using DigestOf = std::function<std::string(const std::string& dependency)>;

  /// Nothing if there is no entry, a dependency has changed, or the entry is damaged; then it will
  /// be written anew.
  std::optional<CachedObject> load(const std::string& key, const DigestOf& digest_of) const;

  /// All or nothing, so two builds at once do no harm: the later one wins.
  Status store(const std::string& key, const CachedObject& entry, const DigestOf& digest_of) const;

 private:
  fs::path directory_;
};

}  // namespace suture::builder
