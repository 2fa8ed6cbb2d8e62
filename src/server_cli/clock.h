#pragma once

#include <chrono>

#include "server/domain/records.h"

namespace suture::server_cli {

/// The system's, in whole seconds as the domain counts.
inline server::Time now() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

}  // namespace suture::server_cli
