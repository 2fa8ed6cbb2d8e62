#include "base/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <mutex>
#include <string>

namespace suture {
namespace {

class Silent : public Progress {
 public:
  void stage(std::string_view) override {}
  void at(std::size_t, std::size_t) override {}
};

class Terminal : public Progress {
 public:
  ~Terminal() override { clear(); }
  void stage(std::string_view what) override {
    const std::scoped_lock lock(mutex_);
    clear();
    what_ = what;
    if (!what_.empty()) show(what_ + " …");
  }
  void at(std::size_t done, std::size_t total) override {
    const std::scoped_lock lock(mutex_);
    clear();
    show(fmt::format("{} … {}/{}", what_, done, total));
  }

 private:
  void show(std::string_view line) {
    fmt::print(stderr, "{}", line);
    std::fflush(stderr);
    shown_ = true;
  }
  void clear() {
    if (shown_) fmt::print(stderr, "\r\x1b[K");
    shown_ = false;
  }
  std::mutex mutex_;
  std::string what_;
  bool shown_ = false;
};

}  // namespace

Progress& no_progress() {
  static Silent silent;
  return silent;
}

Progress& terminal_progress() {
  if (::isatty(STDERR_FILENO) == 0) return no_progress();
  static Terminal terminal;
  return terminal;
}

}  // namespace suture
