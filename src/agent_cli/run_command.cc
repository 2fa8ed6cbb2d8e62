// suture-agent run: the daemon
//
// It sleeps in one poll(2) and wakes for a signal, somebody at the metrics socket, the watchdog, or the next
// look at the repository. Work is done in line: what takes minutes (a soak) keeps the watchdog content through
// SystemClock::meanwhile. It holds the lock only while it works, so that people can do the same by hand.
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "agent/core/reboot.h"
#include "agent_cli/carry_out.h"
#include "agent_cli/commands.h"
#include "agent_cli/fleet_member.h"
#include "agent_cli/offer.h"
#include "agent_cli/outcome.h"
#include "agent_cli/rest.h"
#include "agent_cli/serve.h"
#include "agent_cli/serve_agent.h"
#include "agent_cli/standing.h"
#include "agent_cli/tell.h"
#include "agent_cli/watching.h"
#include "base/fd.h"
#include "host/notify/service_manager.h"
#include "host/system/service.h"

namespace suture::agent_cli {
namespace {

using agent::Milliseconds;

Result<Fd> listen_at(const fs::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto name = path.string();
  if (name.size() >= sizeof address.sun_path) return fail("{}: is too long for a socket", name);
  std::copy(name.begin(), name.end(), address.sun_path);
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  ::unlink(name.c_str());
  constexpr int backlog = 4;
  if (!fd || ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(fd.get(), backlog) != 0)
    return fail("{}: cannot listen: {}", name, std::strerror(errno));
  return fd;
}

Result<Fd> take_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int each : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&set, each);
  if (::sigprocmask(SIG_BLOCK, &set, nullptr) != 0) return fail("cannot block signals: {}", std::strerror(errno));
  Fd fd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd) return fail("cannot take signals: {}", std::strerror(errno));
  return fd;
}

class Daemon {
 public:
  Daemon(SiteOptions options, std::unique_ptr<Site> site, Fd signals, Fd socket)
      : options_(std::move(options)),
        site_(std::move(site)),
        signals_(std::move(signals)),
        socket_(std::move(socket)),
        manager_(host::ServiceManager::from_environment()) {
    attach();
  }

  Result<ExitCode> run();

 private:
  void attach() {
    const auto alive = [this] { static_cast<void>(manager_.alive()); };
    site_->clock.meanwhile = [this] {
      static_cast<void>(manager_.alive());
      if (member_) static_cast<void>(member_->report_if_due(true));
    };
    site_->config.fetch.meanwhile = alive;  // a slow mirror is no reason to be restarted
    watching_.emplace(*site_);
  }
  void work();
  Result<std::optional<agent::Plan>> look_for_levels(Work& work);
  Status take_what_waits(Work& work);
  void join();
  void serve_fleet();
  void watch_upgrade();
  void watch();
  void answer_worse(const Worse& worse);
  void take_back(const Worse& worse);
  /// Whether the host goes down.
  Result<bool> reboot_if_announced(Work& work);
  void fail_duty(std::string why);
  void publish();
  void answer();
  bool handle_signals();
  void reload();

  SiteOptions options_;
  std::unique_ptr<Site> site_;
  Fd signals_, socket_;
  host::ServiceManager manager_;
  std::unique_ptr<FleetMember> member_{};
  std::optional<Watching> watching_{};
};

bool wants(agent::Automatic automatic, const Standing& standing) {
  if (automatic == agent::Automatic::everything) return !standing.waiting.empty();
  return automatic == agent::Automatic::security &&
         std::any_of(standing.waiting.begin(), standing.waiting.end(),
                     [](const FixStanding& each) { return each.kind == "security"; });
}

Result<std::optional<agent::Plan>> Daemon::look_for_levels(Work& work) {
  if (site_->config.source.empty()) return std::nullopt;
  auto visit = TRY(Visit::begin(*site_, ""));
  const auto standing = TRY(look_around(*site_));
  if (!wants(site_->config.automatic, standing)) return std::nullopt;
  const auto history = TRY(work.history());
  if (history.holds.contains(visit.highest().value_or(""))) return std::nullopt;
  auto offer = TRY(visit.plan(history, std::nullopt, work.new_plan_id()));
  return std::move(offer.plan);
}

// A member of a fleet takes what it is told, when it is told.
Status Daemon::take_what_waits(Work& work) {
  if (member_) return {};
  const auto plan = TRY(look_for_levels(work));
  if (!plan) return {};
  const auto carried = TRY(carry_out(*site_, work, *plan));
  if (!log_outcome(plan->subject, carried.outcome)) print_outcome(plan->subject, carried.outcome, {}, false);
  for (const auto& each : carried.findings) tell(4, fmt::format("{}: {}", each.code, each.text));
  return {};
}

// The server hears of it first. A systemd that takes its time is asked again, also by an agent that was killed between.
Result<bool> Daemon::reboot_if_announced(Work& work) {
  const auto history = TRY(work.history());
  if (!agent::is_to_reboot(work.world(), history)) return false;
  if (member_) member_->report(true);
  const auto asked =
      site_->config.may_reboot ? host::reboot_host() : Status(fail("the configuration does not let it any more"));
  if (asked) return true;
  TRY(agent::cancel_reboot(work.world(), asked.error().describe()));
  fail_duty(asked.error().describe());
  return false;
}

void Daemon::fail_duty(std::string why) {
  if (!member_) return;
  auto duty = member_->duty();
  duty.outcome = "failed";
  duty.reason = std::move(why);
  member_->answer(std::move(duty));
}

void Daemon::work() {
  bool reboots = false;
  const auto done = [&]() -> Status {
    const auto work = TRY(Work::begin(*site_, no_progress()));
    if (const auto left = TRY(work->recover()))
      tell(4, fmt::format("what was left unfinished: {}: {}", name_of(left->end), left->reason));
    reboots = TRY(reboot_if_announced(*work));
    return reboots ? Status() : take_what_waits(*work);
  }();
  if (!done) tell(3, done.error().describe());
  if (done && !reboots && member_ && member_->duty().outcome == "started")
    member_->answer(settle(*site_, member_->duty()));
  if (member_ && is_upgrading(member_->duty()))
    if (const auto begun = begin_installer(*site_); !begun) tell(4, begun.error().describe());
  publish();
  rest();
}

// Looks whether this host belongs to a fleet: it may have enrolled since.
void Daemon::join() {
  if (member_) return;
  auto member = FleetMember::open(*site_);
  if (!member) return tell(3, member.error().describe());
  member_ = std::move(*member);
}

void Daemon::serve_fleet() {
  const auto assignment = member_->hear();
  if (!assignment) return;
  member_->report(true);
  bool reboots = false;
  const auto done = [&]() -> Status {
    const auto work = TRY(Work::begin(*site_, no_progress()));
    TRY(work->recover());
    member_->answer(serve(*site_, *work, *assignment));
    reboots = TRY(reboot_if_announced(*work));
    return {};
  }();
  if (!done) fail_duty(done.error().describe());
  if (!reboots) member_->report(false);
  publish();
  rest();
}

// The installer is another process, and what it does may end this one.
void Daemon::watch_upgrade() {
  if (!member_ || !is_upgrading(member_->duty())) return;
  auto duty = settle(*site_, member_->duty());
  if (is_upgrading(duty)) return;
  member_->answer(std::move(duty));
  member_->report(false);
}

void Daemon::watch() {
  if (site_->clock.monotonic() < watching_->next()) return;
  const auto worse = watching_->look();
  if (worse) answer_worse(*worse);
  rest();
}

void Daemon::answer_worse(const Worse& worse) {
  if (worse.is_news) tell(4, fmt::format("{} turned out worse: {}", worse.subject, worse.reason));
  if (member_) member_->turned_worse(worse.level, worse.reason);
  if (!worse.is_taken_back) return;
  take_back(worse);
  publish();
}

// Tried once: what cannot be taken back now is a person's, or the server's, to decide.
void Daemon::take_back(const Worse& worse) {
  const auto outcome = [&]() -> Result<agent::Outcome> {
    const auto work = TRY(Work::begin(*site_, no_progress()));
    TRY(work->recover());
    watching_->tried();
    return agent::Engine(work->world()).take_back(worse.plan, worse.reason);
  }();
  if (!outcome) return tell(3, fmt::format("{} is not taken back: {}", worse.subject, outcome.error().describe()));
  static_cast<void>(log_outcome(worse.subject, *outcome));
  if (!member_ || worse.level == 0 || member_->duty().level != worse.level) return;
  fail_duty(outcome->reason);
  member_->report(false);
}

void Daemon::publish() {
  const auto standing = look_around(*site_);
  if (!standing) {
    tell(3, standing.error().describe());
    return;
  }
  static_cast<void>(manager_.status(fmt::format("{}: level {}", standing->state, standing->level)));
  if (site_->config.textfile.empty()) return;
  const auto written = write_text(site_->config.textfile, metrics_text(*standing, site_->clock.now()), Sync::no);
  if (!written) tell(4, written.error().describe());
}

void Daemon::answer() {
  const Fd client(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!client) return;
  const auto standing = look_around(*site_);
  if (!standing) return;
  const auto text = metrics_text(*standing, site_->clock.now());
  // A reader who does not read gets what fits into the socket.
  static_cast<void>(::send(client.get(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
}

// A wrong configuration leaves the old one in force.
void Daemon::reload() {
  static_cast<void>(manager_.reloading(host::now()));
  auto fresh = Site::open(options_);
  if (fresh) {
    member_.reset();  // they look into the old one
    watching_.reset();
    site_ = std::move(*fresh);
    attach();
    join();
    tell(6, "the configuration was read again");
  } else {
    tell(3, fmt::format("the old configuration stays in force: {}", fresh.error().describe()));
  }
  static_cast<void>(manager_.ready("reloaded"));
}

// Whether to go on.
bool Daemon::handle_signals() {
  signalfd_siginfo info{};
  while (::read(signals_.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
    if (info.ssi_signo != SIGHUP) return false;
    reload();
  }
  return true;
}

Result<ExitCode> Daemon::run() {
  static_cast<void>(manager_.ready("looking"));
  auto next = site_->clock.monotonic();
  while (true) {
    if (site_->clock.monotonic() >= next) {
      join();
      work();
      next = site_->clock.monotonic() + site_->config.check;
    }
    watch_upgrade();
    watch();
    auto wait = std::min(next, watching_->next()) - site_->clock.monotonic();
    if (member_) {
      member_->ask();
      if (member_->report_if_due(false)) rest();
      wait = std::min(wait, member_->next() - site_->clock.monotonic());
      if (is_upgrading(member_->duty())) wait = std::min(wait, Milliseconds(1'000));
    }
    if (const auto watchdog = manager_.watchdog()) wait = std::min(wait, Milliseconds(*watchdog));
    // poll(2) passes over what is -1.
    std::array<pollfd, 3> fds{
        {{signals_.get(), POLLIN, 0}, {socket_.get(), POLLIN, 0}, {member_ ? member_->fd() : -1, POLLIN, 0}}};
    const auto most = std::int64_t{1} << 30;
    ::poll(fds.data(), fds.size(), static_cast<int>(std::clamp(wait.count(), std::int64_t{0}, most)));
    static_cast<void>(manager_.alive());
    if (fds[1].revents != 0) answer();
    if (fds[2].revents != 0) serve_fleet();
    if (fds[0].revents != 0 && !handle_signals()) break;
  }
  static_cast<void>(manager_.stopping());
  return ExitCode::ok;
}

Result<ExitCode> run(const SiteOptions& options, const Context&) {
  auto site = TRY(Site::open(options));
  TRY(make_directories(site->config.run));
  // Two daemons would do the same work twice.
  const auto lock = TRY(Lock::take(fs::path(site->config.run) / "daemon.lock"));
  auto signals = TRY(take_signals());
  auto socket = TRY(listen_at(fs::path(site->config.run) / "metrics.sock"));
  Daemon daemon(options, std::move(site), std::move(signals), std::move(socket));
  return daemon.run();
}

}  // namespace

void add_run_command(Program& program) {
  const auto options = std::make_shared<SiteOptions>();
  auto command = program.command(
      program.app(), "run", "The daemon: asks the repository, applies what the configuration lets it, serves metrics",
      "  suture-agent run", [options](const Context& context) { return run(*options, context); });
  add_site_options(command, *options);
}

}  // namespace suture::agent_cli
