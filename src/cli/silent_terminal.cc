#include "cli/silent_terminal.h"

#include <fcntl.h>
#include <unistd.h>

namespace suture::cli {

SilentTerminal::SilentTerminal() : fd_(::open("/dev/tty", O_RDWR | O_CLOEXEC)) {
  if (fd_ < 0 || ::tcgetattr(fd_, &before_) != 0) return;
  auto silent = before_;
  silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  ready_ = ::tcsetattr(fd_, TCSAFLUSH, &silent) == 0;
}

SilentTerminal::~SilentTerminal() {
  if (ready_) ::tcsetattr(fd_, TCSAFLUSH, &before_);
  if (fd_ >= 0) ::close(fd_);
}

std::string SilentTerminal::ask(const std::string& question) {
  say(question);
  std::string answer;
  char one = 0;
  while (::read(fd_, &one, 1) == 1 && one != '\n') answer += one;
  say("\n");
  return answer;
}

void SilentTerminal::say(const std::string& text) {
  if (::write(fd_, text.data(), text.size()) < 0) ready_ = false;
}

}  // namespace suture::cli
