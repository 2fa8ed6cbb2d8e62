// A draft goes live: its files are written below a directory that any web server may serve.
#pragma once

#include <string>
#include <vector>

#include "publishing/draft_directory.h"
#include "repository/update.h"

namespace suture::publishing {

struct Published {
  bool done = false;                         ///< false: signatures are missing, and nothing was touched
  std::vector<trust::Unsigned> missing;      ///< whose
  std::vector<std::string> written;          ///< files, in order
  std::vector<repository::Expiry> expiries;  ///< of what is served now, the earliest first
};

/// `keys` are those that are online, as the timestamp's is. Nothing is written before a client that trusts
/// the repository's first root would accept all of it. Then targets come first, which nobody speaks of yet,
/// then metadata under names of their own, and last the timestamp, which makes clients look: killed at any
/// point, the repository is the old one or the new one, and publishing again ends it. One at a time: a draft
/// that began from another state than is live is refused.
Result<Published> publish(DraftDirectory& draft, const fs::path& repository,
                          const std::vector<trust::ed25519::PrivateKey>& keys, trust::tuf::Time now);

/// A new timestamp for what is live, from the timestamp's key alone.
Result<Published> renew_timestamp(const fs::path& repository, const std::vector<trust::ed25519::PrivateKey>& keys,
                                  trust::tuf::Time now);

}  // namespace suture::publishing
