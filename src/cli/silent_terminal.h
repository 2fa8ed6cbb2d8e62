#pragma once

#include <termios.h>

#include <string>

namespace suture::cli {

/// The terminal, whatever standard input is; what is typed is not shown while this lives.
class SilentTerminal {
 public:
  SilentTerminal();
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;
  ~SilentTerminal();

  bool ready() const { return ready_; }
  std::string ask(const std::string& question);

 private:
  void say(const std::string& text);

  int fd_;
  termios before_{};
  bool ready_ = false;
};

}  // namespace suture::cli
