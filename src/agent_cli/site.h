// This host, as a command finds it: configuration, journal, and what the engine needs.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "agent/config/config.h"
#include "agent/core/engine.h"
#include "agent_cli/lock.h"
#include "command_line/program.h"
#include "host/root.h"

namespace suture::agent_cli {

using command_line::Command;
using command_line::Context;
using command_line::Program;

class SystemClock : public agent::Clock {
 public:
  std::int64_t now() override;
  agent::Milliseconds monotonic() override;
  void sleep(agent::Milliseconds time) override;
  /// What is done about once a second while something is waited for: the daemon's watchdog.
  std::function<void()> meanwhile = [] {};
};

/// Options that every command has.
struct SiteOptions {
  std::string config = "/etc/suture/agent.yaml";
};
void add_site_options(Command command, SiteOptions& options);

class Site {
 public:
  /// Reads the configuration. A missing file is the defaults, unless it was named.
  static Result<std::unique_ptr<Site>> open(const SiteOptions& options);

  const host::Root root{};
  agent::Config config{};
  SystemClock clock{};

  fs::path journal_file() const { return fs::path(config.state) / "journal"; }
  /// Without a lock, and without changing anything: for commands that only tell.
  Result<agent::History> look() const;
  Result<std::vector<agent::Entry>> entries() const;

  agent::StepMaker step_maker() const;
  std::string kernel_release() const;
  std::string kernel_build_id() const;
  std::string boot_id() const;
};

/// A host at work: the lock is held, the journal open.
class Work {
 public:
  static Result<std::unique_ptr<Work>> begin(Site& site, Progress& progress);

  /// Ends what an earlier agent left; call before anything else.
  Result<std::optional<agent::Outcome>> recover();
  agent::World& world() { return *world_; }
  Result<agent::History> history() const { return agent::replay(journal_.entries()); }
  std::string new_plan_id() const;

 private:
  Work(Site& site, Lock lock, agent::Journal journal);

  Lock lock_;
  agent::Journal journal_;
  agent::HostHealth health_;
  std::unique_ptr<agent::World> world_;
};

}  // namespace suture::agent_cli
