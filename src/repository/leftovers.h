// What write_file() leaves beside a file if it is killed.
#pragma once

#include "base/file.h"

namespace suture::repository {

/// Removes NAME.json.XXXXXX and NAME.tar.XXXXXX from a directory in which nobody else writes.
void remove_leftovers(const fs::path& directory);

}  // namespace suture::repository
