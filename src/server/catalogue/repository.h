// A signed repository, read as a host reads it.
#pragma once

#include <filesystem>
#include <string>

#include "repository/store.h"
#include "server/domain/catalogue/catalogue.h"

namespace suture::server {

/// One thread's. Levels that were seen are not fetched again.
class RepositoryReader {
 public:
  /// A directory, a bundle or an address; empty: there is nothing. `first_root` is the root to begin with; `kept` is
  /// where trusted metadata stays.
  RepositoryReader(std::string source, std::filesystem::path first_root, std::filesystem::path kept)
      : source_(std::move(source)), store_(std::move(kept), std::move(first_root)) {}

  /// Every level of every kernel, and the agent's releases. If that fails, what was seen before, with the failure.
  Offers look();

 private:
  Status look_at_all();
  Result<MetadataVersions> versions() const;

  std::string source_;
  repository::Store store_;
  Offers seen_{};
};

}  // namespace suture::server
