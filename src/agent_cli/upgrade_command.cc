// suture-agent upgrade: the installer of the agent's own upgrade
//
// A process and a unit of its own: what it installs starts the daemon anew, which is confined besides. It reads no
// configuration, so that nothing that somebody writes there keeps it from putting the old release back.
#include <fmt/format.h>

#include <memory>

#include "agent/preflight/preflight.h"
#include "agent/upgrade/carry_on.h"
#include "agent_cli/commands.h"
#include "agent_cli/exit_codes.h"
#include "agent_cli/site.h"
#include "agent_cli/tell.h"
#include "base/digest.h"
#include "base/json.h"
#include "host/system/dpkg.h"
#include "host/system/service.h"

namespace suture::agent_cli {
namespace {

constexpr agent::Milliseconds lock_patience{600'000}, dpkg_patience{600'000}, start_patience{120'000};
constexpr auto daemon_unit = "suture-agent.service";

struct UpgradeArguments {
  std::string state = agent::Config{}.state;
  std::uint32_t patience = 180;
};

/// The name that this program has beside itself until the upgrade is over: dpkg puts another in its place, and a boot
/// in the middle is to go on with the one that is known to work. The unit knows the name, too.
Result<fs::path> second_name() {
  std::error_code error;
  auto program = fs::read_symlink("/proc/self/exe", error);
  if (error) return fail("/proc/self/exe: cannot be read: {}", error.message());
  if (program.extension() == ".before") return program;
  return fs::path(program.string() + ".before");
}

class Installer : public agent::Installing {
 public:
  Installer(fs::path directory, fs::path second_name, agent::Clock& clock)
      : directory_(std::move(directory)), second_name_(std::move(second_name)), clock_(clock) {}

  Status keep(const agent::Upgrade& upgrade) override {
    tell(upgrade.phase == agent::UpgradePhase::failed ? 4 : 5,
         fmt::format("the agent's upgrade from {} to {}: {}{}{}", upgrade.from.version, upgrade.to.version,
                     name_of(upgrade.phase), upgrade.reason.empty() ? "" : ": ", upgrade.reason));
    if (is_over(upgrade)) {
      std::error_code error;
      fs::remove(second_name_, error);
      if (error) tell(4, fmt::format("{}: cannot remove: {}", second_name_.string(), error.message()));
    }
    return agent::keep(directory_, upgrade);
  }

  Status may_begin() override {
    const auto held = agent::kill_switches(host::Root(), {.state = directory_.parent_path().string()});
    return held.empty() ? Status() : Status(fail("{}", held.front().text));
  }

  Status hold_packages() override {
    const auto end = clock_.monotonic() + lock_patience;
    while (true) {
      lock_ = TRY(host::DpkgLock::take());
      if (lock_) break;
      if (clock_.monotonic() >= end) return fail("another package manager was at work all the time");
      clock_.sleep(agent::Milliseconds(1'000));
    }
    return stay_beside();
  }

  Status verify(const agent::UpgradeRelease& release) override {
    for (const auto& each : release.packages) {
      const auto file = directory_ / each.file;
      const auto digest = TRY(sha256_file(file));
      if (digest != each.sha256)
        return fail("{}: has SHA-256 {}, and {} was fetched", file.string(), digest, each.sha256);
    }
    return {};
  }

  Status install(const agent::UpgradeRelease& release) override {
    std::vector<fs::path> files;
    for (const auto& each : release.packages) files.push_back(directory_ / each.file);
    return host::install_packages(*lock_, files, dpkg_patience);
  }

  bool has_reported(const agent::UpgradeRelease& release) override {
    return agent::has_reported(directory_, release.version);
  }

  Status start_daemon() override {
    const auto state = TRY(host::service_state(daemon_unit));
    return state.active == "active" ? Status() : host::restart_service(daemon_unit, start_patience);
  }

 private:
  Status stay_beside() {
    std::error_code error;
    if (fs::exists(second_name_, error)) return {};
    auto program = second_name_;
    fs::create_hard_link(program.replace_extension(), second_name_, error);
    if (error) return fail("{}: cannot be linked: {}", second_name_.string(), error.message());
    return sync_parent(second_name_);
  }

  fs::path directory_, second_name_;
  agent::Clock& clock_;
  std::optional<host::DpkgLock> lock_{};
};

struct EndView {
  std::string phase{}, from{}, to{}, reason{};
};
BOOST_DESCRIBE_STRUCT(EndView, (), (phase, from, to, reason))

Result<ExitCode> upgrade(const UpgradeArguments& arguments, const Context& context) {
  const auto directory = fs::path(arguments.state) / "upgrade";
  if (!fs::exists(directory / "record.json")) return fail("{}: no upgrade was ever begun", directory.string());
  const auto lock = TRY(Lock::take(directory / "lock"));
  auto record = TRY(agent::read_upgrade(directory));
  if (!record) return fail("{}: has no record", directory.string());
  SystemClock clock;
  auto beside = TRY(second_name());
  Installer installer(directory, std::move(beside), clock);
  TRY(agent::carry_on(*record, installer, clock, std::chrono::seconds(arguments.patience)));
  const EndView view{std::string(name_of(record->phase)), record->from.version, record->to.version, record->reason};
  if (context.json) {
    fmt::print("{}", json::to_text(view));
  } else {
    fmt::print("from {} to {}: {}{}{}\n", view.from, view.to, view.phase, view.reason.empty() ? "" : ": ", view.reason);
  }
  return record->phase == agent::UpgradePhase::done ? ExitCode::ok : ExitCode::warning;
}

}  // namespace

void add_upgrade_command(Program& program) {
  const auto arguments = std::make_shared<UpgradeArguments>();
  auto command = program.command(program.app(), "upgrade",
                                 "Install the release of the agent that the daemon fetched; its unit calls this",
                                 "  systemctl start suture-agent-upgrade.service",
                                 [arguments](const Context& context) { return upgrade(*arguments, context); });
  command.add_option("--state", arguments->state, "State directory").type_name("DIRECTORY").show_default();
  command
      .add_option("--patience", arguments->patience,
                  "How long the new release may take until the fleet's server has heard of it")
      .type_name("SECONDS")
      .show_default();
}

}  // namespace suture::agent_cli
