#pragma once

#include <chrono>
#include <string_view>

namespace suture {

/// Says what long work is at, on standard error, when that is a terminal; silent in a pipe.
class Progress {
 public:
  virtual ~Progress() = default;
  /// A stage begins: "unpacking source". The one before it has ended.
  virtual void stage(std::string_view what) = 0;
  /// How far the stage is.
  virtual void at(std::size_t done, std::size_t total) = 0;
};

/// The one for programs: a line that is rewritten, on a terminal only.
Progress& terminal_progress();
/// Says nothing.
Progress& no_progress();

}  // namespace suture
