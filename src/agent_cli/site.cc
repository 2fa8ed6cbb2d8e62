#include "agent_cli/site.h"

#include <algorithm>
#include <thread>

#include "agent/history/compact.h"
#include "agent/steps/steps.h"
#include "host/module/build_id.h"
#include "host/notify/journal.h"

namespace suture::agent_cli {

std::int64_t SystemClock::now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

agent::Milliseconds SystemClock::monotonic() {
  return std::chrono::duration_cast<agent::Milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

void SystemClock::sleep(agent::Milliseconds time) {
  while (time.count() > 0) {
    const auto slice = std::min(time, agent::Milliseconds(1000));
    std::this_thread::sleep_for(slice);
    time -= slice;
    meanwhile();
  }
}

void add_site_options(Command command, SiteOptions& options) {
  command.add_option("--config", options.config, "Configuration").type_name("FILE").show_default();
}

agent::StepMaker Site::step_maker() const {
  return [this](const agent::StepSpec& spec) { return agent::make_step(spec, root); };
}

Result<std::unique_ptr<Site>> Site::open(const SiteOptions& options) {
  auto site = std::make_unique<Site>();
  if (!fs::exists(options.config) && options.config == SiteOptions{}.config) return site;
  const auto text = TRY(read_text(options.config));
  auto config = agent::read_config(text, options.config, site->step_maker());
  if (!config) return fail(std::move(config).error().advise("docs/agent.md lists what may stand there"));
  site->config = std::move(*config);
  return site;
}

Result<std::vector<agent::Entry>> Site::entries() const {
  if (!fs::exists(journal_file())) return std::vector<agent::Entry>();
  const auto bytes = TRY(read_file(journal_file()));
  auto journal = TRY(agent::decode_journal(bytes, journal_file().string()));
  return std::move(journal.entries);
}

Result<agent::History> Site::look() const {
  const auto all = TRY(entries());
  return agent::replay(all);
}

// Each reads one file and no more: in a damaged kernel, or one whose patched function is damaged, every file is a risk.
std::string Site::kernel_release() const { return root.line("/proc/sys/kernel/osrelease").value_or("unknown"); }
std::string Site::kernel_build_id() const { return host::kernel_build_id(root).value_or(""); }
std::string Site::boot_id() const { return root.line("/proc/sys/kernel/random/boot_id").value_or(""); }

namespace {

// A file that appears whole or not at all, in place of one that has grown.
Result<agent::Journal> open_journal(const Site& site) {
  constexpr std::uintmax_t large = 1 << 20;
  const auto path = site.journal_file();
  std::error_code unknown;
  if (const auto size = fs::file_size(path, unknown); !unknown && size > large) {
    const auto entries = TRY(site.entries());
    TRY(write_file(path, agent::encode_journal(agent::compact(entries))));
  }
  auto file = TRY(open_append_file(path));
  return agent::Journal::open(std::move(file), path.string());
}

}  // namespace

Work::Work(Site& site, Lock lock, agent::Journal journal)
    : lock_(std::move(lock)), journal_(std::move(journal)), health_(site.root, site.clock, site.config.health) {
  world_ = std::make_unique<agent::World>(agent::World{.journal = journal_,
                                                       .clock = site.clock,
                                                       .health = health_,
                                                       .make_step = site.step_maker(),
                                                       .boot = site.boot_id(),
                                                       .kernel = site.kernel_build_id(),
                                                       .policy = site.config.policy});
}

Result<std::unique_ptr<Work>> Work::begin(Site& site, Progress& progress) {
  TRY(make_directories(site.config.state));
  TRY(make_directories(site.config.run));
  auto lock = TRY(Lock::take(fs::path(site.config.run) / "lock"));
  auto journal = open_journal(site);
  if (!journal)
    return fail(std::move(journal).error().advise(
        "nothing is done without a journal: reboot the host, then move the file away; what was in force is not applied "
        "again until you ask for it"));
  std::unique_ptr<Work> work(new Work(site, std::move(lock), std::move(*journal)));
  if (work->world_->boot.empty()) return fail("/proc/sys/kernel/random/boot_id cannot be read");
  work->world_->tell = [&progress](std::string_view event, const std::string& text) {
    progress.stage(fmt::format("{}: {}", event, text));
    static_cast<void>(host::send_to_journal(
        {.message = fmt::format("{}: {}", event, text), .fields = {{"SUTURE_EVENT", std::string(event)}}}));
  };
  return work;
}

Result<std::optional<agent::Outcome>> Work::recover() { return agent::Engine(*world_).recover(); }

std::string Work::new_plan_id() const { return fmt::format("{}-{}", world_->clock.now(), journal_.entries().size()); }

}  // namespace suture::agent_cli
