#include "repository/url_source.h"

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
#include <vector>

#include "repository/bundle.h"
#include "trust/archive.h"

namespace suture::repository {
namespace {

struct User {
  uid_t uid = 0;
  gid_t gid = 0;
};

Result<std::optional<User>> user_of(const std::string& name) {
  if (name.empty()) return std::nullopt;
  const auto* entry = ::getpwnam(name.c_str());
  if (entry == nullptr) return fail(Error(fmt::format("there is no user '{}'", name)).advise("the package makes one"));
  return User{entry->pw_uid, entry->pw_gid};
}

/// suture-fetch at the other end of two pipes.
class Fetcher {
 public:
  static Result<Fetcher> start(const std::vector<std::string>& argv, const std::optional<User>& user);
  Fetcher(Fetcher&& other) noexcept
      : pid_(std::exchange(other.pid_, -1)), to_(std::exchange(other.to_, -1)), from_(std::exchange(other.from_, -1)) {}
  Fetcher(const Fetcher&) = delete;
  Fetcher& operator=(Fetcher&&) = delete;
  ~Fetcher() {
    if (to_ >= 0) ::close(to_);
    if (from_ >= 0) ::close(from_);
    if (pid_ < 0) return;
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  /// Sends a line; the line that comes back.
  Result<std::string> ask(const std::string& line, std::chrono::milliseconds timeout,
                          const std::function<void()>& meanwhile);

 private:
  Fetcher(pid_t pid, int to, int from) : pid_(pid), to_(to), from_(from) {}
  pid_t pid_;
  int to_, from_;
};

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

Result<Fetcher> Fetcher::start(const std::vector<std::string>& arguments, const std::optional<User>& user) {
  std::vector<char*> argv;
  for (const auto& each : arguments) argv.push_back(const_cast<char*>(each.c_str()));
  argv.push_back(nullptr);
  int to[2], from[2];
  if (::pipe2(to, O_CLOEXEC) != 0) return fail("cannot make a pipe: {}", std::strerror(errno));
  if (::pipe2(from, O_CLOEXEC) != 0) {
    const auto error = errno;
    ::close(to[0]), ::close(to[1]);
    return fail("cannot make a pipe: {}", std::strerror(error));
  }
  const auto pid = ::fork();
  if (pid == 0) become(argv, user, to[0], from[1]);
  const auto error = errno;
  ::close(to[0]), ::close(from[1]);
  Fetcher fetcher(pid, to[1], from[0]);
  if (pid < 0) return fail("cannot start {}: {}", arguments.front(), std::strerror(error));
  return fetcher;
}

Result<std::string> Fetcher::ask(const std::string& line, std::chrono::milliseconds timeout,
                                 const std::function<void()>& meanwhile) {
  constexpr std::size_t longest = 4096;
  constexpr std::chrono::milliseconds a_while{2000};
  // The pipe holds more than a line; with nobody at its other end, writing must not kill us.
  struct sigaction ignore {
  }, before{};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, &before);
  const auto written = ::write(to_, line.data(), line.size());
  ::sigaction(SIGPIPE, &before, nullptr);
  if (written != static_cast<ssize_t>(line.size())) return fail("suture-fetch is not there, or ended");
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  std::string answer;
  while (answer.size() < longest) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd ready{.fd = from_, .events = POLLIN, .revents = 0};
    const auto wait = std::min(left, a_while);
    const auto count = left.count() <= 0 ? 0 : ::poll(&ready, 1, static_cast<int>(wait.count()));
    if (count < 0 && errno == EINTR) continue;
    if (count == 0 && left > wait) {
      meanwhile();
      continue;
    }
    if (count <= 0) return fail("suture-fetch did not answer in time");
    char one = 0;
    const auto got = ::read(from_, &one, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return fail("suture-fetch is not there, or ended");
    if (one == '\n') return answer;
    answer += one;
  }
  return fail("suture-fetch answers at too great a length");
}

class UrlSource : public Source {
 public:
  UrlSource(std::string url, const FetchOptions& options, TempDir spool, Fetcher fetcher)
      : url_(std::move(url)),
        timeout_(options.timeout),
        meanwhile_(options.meanwhile),
        spool_(std::move(spool)),
        fetcher_(std::move(fetcher)) {}

  Result<std::optional<Bytes>> fetch(const std::string& path, std::uint64_t most) override {
    if (!trust::is_clean_name(path)) return fail("{}: '{}' is no name of a file", url_, path);
    const auto answer = TRY(fetcher_.ask(fmt::format("GET {} {}\n", most, path), timeout_, meanwhile_), "{}", url_);
    if (answer == "NOT-FOUND") return std::nullopt;
    constexpr std::string_view good = "OK ", bad = "ERROR ";
    if (answer.starts_with(bad)) return fail("{}", answer.substr(bad.size()));
    const auto name = answer.starts_with(good) ? answer.substr(good.size()) : std::string();
    if (name.empty() || name.find_first_not_of("0123456789") != std::string::npos) {
      return fail("{}: suture-fetch answers in another language", url_);
    }
    auto file = read_plain_file(spool_.path() / name, most + 1);
    std::error_code ignored;
    fs::remove(spool_.path() / name, ignored);
    if (file && !*file) return fail("{}: suture-fetch says that it has {}, and has not", url_, path);
    return file;
  }
  std::string name() const override { return url_; }

 private:
  std::string url_;
  std::chrono::seconds timeout_;
  std::function<void()> meanwhile_;
  TempDir spool_;  // outlives the fetcher
  Fetcher fetcher_;
};

}  // namespace

bool is_url(const std::string& text) { return text.starts_with("https://") || text.starts_with("http://"); }

Result<std::unique_ptr<Source>> url_source(const std::string& url, const FetchOptions& options) {
  const auto user = TRY(user_of(options.user));
  auto spool = TRY(TempDir::make(options.spool.empty() ? std::nullopt : std::optional(options.spool)));
  if (user && ::chown(spool.path().c_str(), user->uid, user->gid) != 0) {
    return fail("{}: cannot give it to {}: {}", spool.path().string(), options.user, std::strerror(errno));
  }
  std::vector<std::string> argv{options.program.string(), url, spool.path().string()};
  if (!options.proxy.empty()) argv.insert(argv.end(), {"--proxy", options.proxy});
  if (!options.ca_file.empty()) argv.insert(argv.end(), {"--ca-file", options.ca_file});
  auto fetcher = TRY(Fetcher::start(argv, user));
  return std::unique_ptr<Source>(std::make_unique<UrlSource>(url, options, std::move(spool), std::move(fetcher)));
}

Result<std::unique_ptr<Source>> open_source(const std::string& where, const FetchOptions& options) {
  if (is_url(where)) return url_source(where, options);
  std::error_code code;
  if (fs::is_regular_file(where, code)) return bundle_source(where);
  return directory_source(where);
}

}  // namespace suture::repository
