// What the kernel's log says against a live patch that was committed.
//
// While it soaks, any damage counts. Later the host lives its life: a warning, a BUG or an oops counts only if it names
// the live patch or a function of it. What keeps the machine from going on (a hung task, a lockup, a stall) need not
// name who did it.
#pragma once

#include <string>
#include <vector>

#include "host/log/kernel_log.h"

namespace suture::agent {

class LogWatch {
 public:
  LogWatch(std::vector<std::string> functions, std::vector<std::string> modules)
      : functions_(std::move(functions)), modules_(std::move(modules)) {}

  /// The next records. What they say against it; empty if nothing. A report may go on in the records after these.
  std::string take(const std::vector<host::LogRecord>& records);

 private:
  std::string named_in(const std::string& line) const;

  std::vector<std::string> functions_, modules_;
  std::string head_{};          ///< the line that began the report that is being read
  std::size_t lines_left_ = 0;  ///< of it, at most; 0 outside of one
};

}  // namespace suture::agent
