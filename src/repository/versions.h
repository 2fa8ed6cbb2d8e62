// Lowest versions of a repository's metadata that a client takes, as somebody who knows it better said: a fresh client
// has seen nothing yet, and would take any version that is signed and not expired.
#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "trust/tuf/client.h"

namespace suture::repository {

struct Versions {
  std::int64_t root = 0, timestamp = 0, snapshot = 0, targets = 0;
  bool operator==(const Versions&) const = default;
};
BOOST_DESCRIBE_STRUCT(Versions, (), (root, timestamp, snapshot, targets))

/// Of metadata that is trusted; 0 for what is not there.
Result<Versions> versions_of(const trust::tuf::Files& files);

/// What of `have` is older than it may be: "timestamp.json: version 3 is older than 5, which …". Nothing if all is
/// well.
std::optional<std::string> find_older(const Versions& have, const Versions& least);

}  // namespace suture::repository
