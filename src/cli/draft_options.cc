#include "cli/draft_options.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

#include "publishing/key_file.h"

namespace suture::cli {
namespace {

std::string first_line(std::string text) {
  text.resize(std::min(text.find_first_of("\r\n"), text.size()));
  return text;
}

/// The terminal, whatever standard input is; what is typed is not shown while this lives.
class SilentTerminal {
 public:
  SilentTerminal() : fd_(::open("/dev/tty", O_RDWR | O_CLOEXEC)) {
    if (fd_ < 0 || ::tcgetattr(fd_, &before_) != 0) return;
    auto silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ready_ = ::tcsetattr(fd_, TCSAFLUSH, &silent) == 0;
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;
  ~SilentTerminal() {
    if (ready_) ::tcsetattr(fd_, TCSAFLUSH, &before_);
    if (fd_ >= 0) ::close(fd_);
  }

  bool ready() const { return ready_; }
  std::string ask(const std::string& question) {
    say(question);
    std::string answer;
    char one = 0;
    while (::read(fd_, &one, 1) == 1 && one != '\n') answer += one;
    say("\n");
    return answer;
  }

 private:
  void say(const std::string& text) {
    if (::write(fd_, text.data(), text.size()) < 0) ready_ = false;
  }
  int fd_;
  termios before_{};
  bool ready_ = false;
};

}  // namespace

trust::tuf::Time clock_now() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

void add_draft_option(Command command, std::string& draft) {
  command.add_option("--draft", draft, "The directory of the draft").type_name("DIR").show_default();
}

void add_passphrase_options(Command command, PassphraseOptions& options) {
  auto file =
      command.add_option("--passphrase-file", options.file, "Its first line is the passphrase").type_name("FILE");
  command.add_option("--passphrase-env", options.variable, "This environment variable is the passphrase")
      .type_name("NAME")
      .excludes(file);
}

Result<trust::Secret> read_passphrase(const PassphraseOptions& options, const std::string& what, bool new_one) {
  if (!options.file.empty()) {
    auto text = TRY(read_text(options.file));
    return trust::Secret(first_line(std::move(text)));
  }
  if (!options.variable.empty()) {
    const char* text = std::getenv(options.variable.c_str());
    if (text == nullptr) return fail("the environment has no variable {}", options.variable);
    return trust::Secret(text);
  }
  SilentTerminal terminal;
  if (!terminal.ready()) {
    return fail(Error(fmt::format("{}: there is no terminal to ask for the passphrase", what))
                    .advise("use --passphrase-file or --passphrase-env"));
  }
  trust::Secret passphrase(terminal.ask(fmt::format("Passphrase for {}: ", what)));
  if (!new_one) return passphrase;
  const trust::Secret again(terminal.ask("Once more: "));
  if (again.reveal() != passphrase.reveal()) return fail("{}: the two passphrases differ", what);
  return passphrase;
}

Result<std::vector<trust::ed25519::PrivateKey>> read_keys(const std::vector<std::string>& files,
                                                          const PassphraseOptions& passphrases) {
  std::vector<trust::ed25519::PrivateKey> keys;
  for (const auto& file : files) {
    auto key = TRY(publishing::read_private_key(file, [&] { return read_passphrase(passphrases, file, false); }));
    keys.push_back(std::move(key));
  }
  return keys;
}

std::vector<std::string> describe(const std::vector<trust::Unsigned>& missing) {
  std::vector<std::string> lines;
  for (const auto& each : missing) {
    auto line = fmt::format("{}, version {}: has {} of {} signatures; may still be signed by {}", each.role,
                            each.version, each.have, each.need, fmt::join(each.keyids, ", "));
    // A new root needs the keys of the old one too, which may be the same.
    if (lines.empty() || lines.back() != line) lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace suture::cli
