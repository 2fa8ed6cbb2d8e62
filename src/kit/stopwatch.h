#pragma once

#include <chrono>

namespace suture::kit {

/// Measures phases that follow one another.
class Stopwatch {
 public:
  /// Seconds since the last lap, to the millisecond.
  double lap() {
    const auto now = std::chrono::steady_clock::now();
    const auto taken = std::chrono::duration_cast<std::chrono::milliseconds>(now - last_);
    last_ = now;
    return static_cast<double>(taken.count()) / 1000;
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace suture::kit
