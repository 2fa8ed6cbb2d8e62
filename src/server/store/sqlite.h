// The store in one SQLite file, in WAL mode with every commit flushed (synchronous=FULL).
#pragma once

#include <filesystem>
#include <memory>

#include "server/domain/store.h"

namespace suture::server {

/// Makes the file, and tables that are missing. Other processes may have it open too.
Result<std::unique_ptr<Store>> open_sqlite(const std::filesystem::path& path);

}  // namespace suture::server
