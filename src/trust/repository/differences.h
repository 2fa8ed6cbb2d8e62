// What a person who signs wants to know: how metadata differs from what was published before.
#pragma once

#include <string>
#include <vector>

#include "trust/tuf/metadata.h"

namespace suture::trust {

/// In words, one difference a line; `before` may be null.
std::vector<std::string> differences(const tuf::Root* before, const tuf::Root& after);
std::vector<std::string> differences(const tuf::Targets* before, const tuf::Targets& after);
std::vector<std::string> differences(const tuf::Snapshot* before, const tuf::Snapshot& after);
std::vector<std::string> differences(const tuf::Timestamp* before, const tuf::Timestamp& after);

}  // namespace suture::trust
