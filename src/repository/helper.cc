#include "repository/helper.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>

namespace suture::repository {

Result<std::optional<User>> user_of(const std::string& name) {
  if (name.empty()) return std::nullopt;
  const auto* entry = ::getpwnam(name.c_str());
  if (entry == nullptr) return fail(Error(fmt::format("there is no user '{}'", name)).advise("the package makes one"));
  return User{entry->pw_uid, entry->pw_gid};
}

namespace {

/// Between fork and exec: only what is safe there.
[[noreturn]] void become(const std::vector<char*>& argv, const std::optional<User>& user, int in, int out) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::dup2(in, 0) < 0 || ::dup2(out, 1) < 0) ::_exit(127);
  if (user) {
    if (::setgroups(0, nullptr) != 0 || ::setgid(user->gid) != 0 || ::setuid(user->uid) != 0) ::_exit(127);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // forgotten when the user changes
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  }
  ::execvp(argv[0], argv.data());
  ::_exit(127);
}

Result<std::pair<Fd, Fd>> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail("cannot make a pipe: {}", std::strerror(errno));
  return std::pair{Fd(ends[0]), Fd(ends[1])};
}

}  // namespace

Result<Helper> Helper::start(const std::vector<std::string>& arguments, const std::string& user_name) {
  const auto user = TRY(user_of(user_name));
  std::vector<char*> argv;
  for (const auto& each : arguments) argv.push_back(const_cast<char*>(each.c_str()));
  argv.push_back(nullptr);
  auto [their_in, to] = TRY(make_pipe());
  auto [from, their_out] = TRY(make_pipe());
  // Neither must block us: one that hangs is waited for no longer than it is given.
  for (const int each : {to.get(), from.get()}) ::fcntl(each, F_SETFL, O_NONBLOCK);
  const auto pid = ::fork();
  if (pid == 0) become(argv, user, their_in.get(), their_out.get());
  if (pid < 0) return fail("cannot start {}: {}", arguments.front(), std::strerror(errno));
  return Helper(std::filesystem::path(arguments.front()).filename().string(), pid, std::move(to), std::move(from));
}

Helper::Helper(Helper&& other) noexcept
    : name_(std::move(other.name_)),
      pid_(std::exchange(other.pid_, -1)),
      to_(std::move(other.to_)),
      from_(std::move(other.from_)) {}

Helper& Helper::operator=(Helper&& other) noexcept {
  end();
  name_ = std::move(other.name_);
  pid_ = std::exchange(other.pid_, -1);
  to_ = std::move(other.to_);
  from_ = std::move(other.from_);
  return *this;
}

Helper::~Helper() { end(); }

void Helper::end() noexcept {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

Status Helper::wait_for(int fd, short events, std::chrono::steady_clock::time_point deadline,
                        const Patience& patience) const {
  constexpr std::chrono::milliseconds a_while{2000};
  while (true) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd ready{.fd = fd, .events = events, .revents = 0};
    const auto wait = std::clamp(left, std::chrono::milliseconds(0), a_while);
    const auto count = ::poll(&ready, 1, static_cast<int>(wait.count()));
    if (count > 0) return {};
    if (count < 0 && errno != EINTR) return fail("{}: {}", name_, std::strerror(errno));
    if (left <= wait) return fail("{} did not answer in time", name_);
    patience.meanwhile();
  }
}

Status Helper::send(std::string_view bytes, const Patience& patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience.timeout;
  // With nobody at the pipe's other end, writing must not kill us.
  struct sigaction ignore {
  }, before{};
  ignore.sa_handler = SIG_IGN;
  while (!bytes.empty()) {
    TRY(wait_for(to_.get(), POLLOUT, deadline, patience));
    ::sigaction(SIGPIPE, &ignore, &before);
    const auto written = ::write(to_.get(), bytes.data(), bytes.size());
    const auto error = errno;
    ::sigaction(SIGPIPE, &before, nullptr);
    if (written < 0 && (error == EINTR || error == EAGAIN)) continue;
    if (written <= 0) return fail("{} is not there, or ended", name_);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<std::string> Helper::bytes(std::size_t count, const Patience& patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience.timeout;
  std::string read;
  while (read.size() < count) {
    TRY(wait_for(from_.get(), POLLIN, deadline, patience));
    const auto have = read.size();
    read.resize(count);
    const auto got = ::read(from_.get(), read.data() + have, count - have);
    read.resize(have + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got <= 0) return fail("{} is not there, or ended", name_);
  }
  return read;
}

Result<std::string> Helper::line(const Patience& patience) {
  constexpr std::size_t longest = 4096;
  std::string read;
  while (read.size() < longest) {
    // One by one: what comes behind the line is somebody else's to read.
    auto next = TRY(bytes(1, patience));
    if (next == "\n") return read;
    read += next;
  }
  return fail("{} answers at too great a length", name_);
}

}  // namespace suture::repository
