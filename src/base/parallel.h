#pragma once

#include <cstddef>
#include <functional>

#include "base/result.h"

namespace suture {

/// How many threads run at once here; at least one.
unsigned processors();

/// Calls work(0) … work(count - 1) on up to `threads` threads (0: one a processor) and returns the
/// failure with the lowest index, if any. Work that has begun always ends.
Status for_each_parallel(std::size_t count, const std::function<Status(std::size_t)>& work, std::size_t threads = 0);

}  // namespace suture
