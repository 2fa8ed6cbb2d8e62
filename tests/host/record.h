#pragma once

#include <string>
#include <vector>

#include "host/root.h"

namespace suture::host {

/// Prints what src/host reads of this host, as src/host/testing/tree.h takes it. Of processes only those
/// named.
void record_tree(const Root& root, const std::vector<std::string>& processes);

}  // namespace suture::host
