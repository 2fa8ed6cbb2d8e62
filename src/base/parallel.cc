#include "base/parallel.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>

namespace suture {

unsigned processors() { return std::max(1U, std::thread::hardware_concurrency()); }

Status for_each_parallel(std::size_t count, const std::function<Status(std::size_t)>& work, std::size_t threads) {
  if (threads == 0) threads = processors();
  std::vector<std::optional<Error>> errors(count);
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> failed = false;
  const auto worker = [&] {
    while (!failed) {
      const auto i = next++;
      if (i >= count) return;
      if (auto done = work(i); !done) {
        errors[i] = std::move(done).error();
        failed = true;
      }
    }
  };
  {
    std::vector<std::jthread> pool;
    for (std::size_t i = 1; i < std::min(threads, count); ++i) pool.emplace_back(worker);
    worker();
  }
  for (auto& error : errors) {
    if (error) return fail(std::move(*error));
  }
  return {};
}

}  // namespace suture
