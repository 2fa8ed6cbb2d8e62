#include "base/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace suture {
namespace {

using Clock = std::chrono::steady_clock;

class Pipe {
 public:
  Status open() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) return fail("cannot make a pipe: {}", std::strerror(errno));
    return {};
  }
  ~Pipe() {
    close_read();
    close_write();
  }
  int read_end() const { return ends_[0]; }
  int write_end() const { return ends_[1]; }
  void close_read() { close_one(ends_[0]); }
  void close_write() { close_one(ends_[1]); }

 private:
  static void close_one(int& fd) {
    if (fd >= 0) ::close(std::exchange(fd, -1));
  }
  std::array<int, 2> ends_{-1, -1};
};

// Everything the child needs is made before fork(): between fork and exec only async-signal-safe
// calls are allowed, since other threads of ours may hold locks.
struct Prepared {
  std::vector<std::string> environment;
  std::vector<char*> argv;
  std::vector<char*> envp;
};

Prepared prepare(const Command& command) {
  Prepared prepared;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto name = text.substr(0, text.find('='));
    const bool kept = command.inherit_environment || name == "PATH" || name == "HOME" || name == "TMPDIR";
    if (kept && !command.environment.contains(std::string(name))) prepared.environment.emplace_back(text);
  }
  for (const auto& [name, value] : command.environment)
    prepared.environment.push_back(fmt::format("{}={}", name, value));
  for (auto& entry : prepared.environment) prepared.envp.push_back(entry.data());
  prepared.envp.push_back(nullptr);
  for (const auto& argument : command.argv) prepared.argv.push_back(const_cast<char*>(argument.c_str()));
  prepared.argv.push_back(nullptr);
  return prepared;
}

[[noreturn]] void become(const Command& command, const Prepared& prepared, int in, int out, int err, int report,
                         pid_t parent) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  ::dup2(in, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  if (command.directory.empty() || ::chdir(command.directory.c_str()) == 0) {
    ::execvpe(prepared.argv[0], prepared.argv.data(), prepared.envp.data());
  }
  const int code = errno;
  [[maybe_unused]] const auto ignored = ::write(report, &code, sizeof code);
  ::_exit(127);
}

// When the child has to be ended: the timeout counts from the start, the silence from its last word.
class Deadline {
 public:
  explicit Deadline(const Command& command) : silence_(command.silence) {
    if (command.timeout) end_ = Clock::now() + *command.timeout;
    heard();
  }
  void heard() {
    if (silence_) silent_ = Clock::now() + *silence_;
  }
  /// Milliseconds to wait, for poll(): -1 without a deadline, 0 when it has passed.
  int left() const {
    const auto at = std::min(end_, silent_);
    if (at == Clock::time_point::max()) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(at - Clock::now()).count();
    return static_cast<int>(std::clamp<long long>(left, 0, 1 << 30));
  }

 private:
  std::optional<std::chrono::milliseconds> silence_;
  Clock::time_point end_ = Clock::time_point::max();
  Clock::time_point silent_ = Clock::time_point::max();
};

// Feeds the child and drains it until both its outputs close or the deadline passes.
bool pump(const Command& command, Pipe& in, Pipe& out, Pipe& err, Finished& finished) {
  std::string_view rest = command.input;
  if (rest.empty()) in.close_write();
  Deadline deadline(command);
  std::array<char, 1 << 16> buffer;
  while (out.read_end() >= 0 || err.read_end() >= 0) {
    std::array<pollfd, 3> fds{{{out.read_end(), POLLIN, 0}, {err.read_end(), POLLIN, 0}, {in.write_end(), POLLOUT, 0}}};
    const int wait = deadline.left();
    if (wait == 0) return false;
    if (::poll(fds.data(), fds.size(), wait) < 0 && errno != EINTR) return false;
    const auto drain = [&](const pollfd& fd, Pipe& pipe, std::string& into) {
      if (fd.revents == 0) return;
      const auto count = ::read(fd.fd, buffer.data(), buffer.size());
      if (count > 0) {
        into.append(buffer.data(), static_cast<std::size_t>(count));
        deadline.heard();
      }
      if (count == 0) pipe.close_read();
    };
    drain(fds[0], out, finished.output);
    drain(fds[1], err, finished.errors);
    if (fds[2].revents != 0) {
      const auto count = ::write(in.write_end(), rest.data(), rest.size());
      if (count > 0) rest.remove_prefix(static_cast<std::size_t>(count));
      if (count < 0 || rest.empty()) in.close_write();
    }
  }
  return true;
}

std::string_view last_lines(std::string_view text, std::size_t most) {
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  std::size_t from = text.size();
  for (std::size_t lines = 0; from > 0; --from) {
    if (text[from - 1] == '\n' && ++lines == most) break;
  }
  return text.substr(from);
}

double seconds(const timeval& time) {
  constexpr double microseconds = 1e6;
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / microseconds;
}

}  // namespace

Result<Finished> run(const Command& command) {
  if (command.argv.empty()) return fail("no program to run");
  // A child that leaves early must give us EPIPE, not a signal.
  static const auto ignored = ::signal(SIGPIPE, SIG_IGN);
  static_cast<void>(ignored);

  const auto prepared = prepare(command);
  Pipe in, out, err, report;
  TRY(in.open());
  TRY(out.open());
  TRY(err.open());
  TRY(report.open());
  const auto parent = ::getpid();
  const auto child = ::fork();
  if (child < 0) return fail("cannot fork: {}", std::strerror(errno));
  if (child == 0)
    become(command, prepared, in.read_end(), out.write_end(), err.write_end(), report.write_end(), parent);
  in.close_read();
  out.close_write();
  err.close_write();
  report.close_write();

  int code = 0;
  if (::read(report.read_end(), &code, sizeof code) == sizeof code) {
    ::waitpid(child, nullptr, 0);
    return fail("cannot run {}: {}", command.argv[0], std::strerror(code));
  }
  Finished finished;
  if (!pump(command, in, out, err, finished)) {
    finished.timed_out = true;
    ::kill(-child, SIGKILL);
  }
  int status = 0;
  struct rusage usage {};
  while (::wait4(child, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  finished.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  finished.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return finished;
}

Result<Finished> run_checked(const Command& command) {
  auto finished = TRY(run(command));
  if (finished.timed_out)
    return fail("{} did not end in time:\n{}", command.argv[0], last_lines(finished.output + finished.errors, 15));
  if (finished.exit_code != 0) {
    const auto& said = finished.errors.empty() ? finished.output : finished.errors;
    return fail("{} failed with exit code {}:\n{}", command.argv[0], finished.exit_code, last_lines(said, 15));
  }
  return finished;
}

bool program_exists(std::string_view name) {
  const char* path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "" : path;
  while (true) {
    const auto colon = rest.find(':');
    const auto candidate = fs::path(rest.substr(0, colon)) / name;
    if (::access(candidate.c_str(), X_OK) == 0) return true;
    if (colon == std::string_view::npos) return false;
    rest.remove_prefix(colon + 1);
  }
}

}  // namespace suture
