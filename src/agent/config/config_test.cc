#include "agent/config/config.h"

#include <gtest/gtest.h>

#include "agent/steps/steps.h"

namespace suture::agent {
namespace {

Result<Config> read(std::string_view text) {
  static const host::Root root("/nowhere");
  return read_config(text, "agent.yaml", [](const StepSpec& spec) { return make_step(spec, root); });
}

std::string refusal(std::string_view text) {
  const auto config = read(text);
  return config ? "was read" : config.error().describe();
}

TEST(Config, EmptyFileIsTheDefaults) {
  EXPECT_EQ(read("")->state, "/var/lib/suture");
  EXPECT_FALSE(read("")->may_reboot);
  EXPECT_FALSE(read("")->may_upgrade);
}

TEST(Config, ReadsEverythingThatAnOperatorDecides) {
  const auto config = read(R"(
repository:
  source: /srv/suture
  check: 10m
fleet: {reboot: yes, upgrade: yes}
apply: security
transition:
  patience: 90s
health:
  samples: 5
  interval: 500ms
  when-undecided: hold
  watch: 2h
  watch-interval: 10s
  after-oops: revert
  minimum-load: {forks: 1.5}
  probes:
    - {name: web, http: "http://127.0.0.1/health", timeout: 2s}
    - {name: backup, command: [/usr/local/bin/backup-is-fresh, --max-age, 1d]}
preflight:
  refuse-taint: PO
  free-mib: 100
plans:
  no-bpf:
    - sysctl: {name: kernel.unprivileged_bpf_disabled, value: "2"}
    - module: {name: n_hdlc, action: block}
)");
  ASSERT_TRUE(config) << config.error().describe();
  EXPECT_EQ(config->check, Milliseconds(600'000));
  EXPECT_TRUE(config->may_reboot);
  EXPECT_TRUE(config->may_upgrade);
  EXPECT_EQ(config->automatic, Automatic::security);
  EXPECT_EQ(config->health.probes.at(1).argv.size(), 3U);
  EXPECT_TRUE(config->policy.hold_when_undecided);
  EXPECT_TRUE(config->policy.revert_after_oops);
  EXPECT_EQ(config->health.watch, Milliseconds(7'200'000));
  EXPECT_EQ(config->health.watch_interval, Milliseconds(10'000));
  EXPECT_EQ(config->refuse_taint, 1U | 1U << 12);
  EXPECT_EQ(config->plans.at("no-bpf").size(), 2U);
}

TEST(Config, WrongOnesAreRefusedWithLineAndReason) {
  EXPECT_EQ(refusal("state: relative"), "agent.yaml:1: 'relative' is no path from the root");
  EXPECT_EQ(refusal("health:\n  soak: soon\n"),
            "agent.yaml:2: 'soon' is no time: write 500ms, 30s, 5m, 1h or 7d, at most 366d");
  EXPECT_EQ(refusal("fleet: {reboot: perhaps}"), "agent.yaml:1: 'perhaps': no or yes was expected");
  EXPECT_EQ(refusal("\nservers: 3"), "agent.yaml:2: 'servers' is not known");
  EXPECT_EQ(refusal("run: /a\nrun: /b"), "agent.yaml:2: 'run' is there twice");
  EXPECT_NE(refusal("a: [").find("agent.yaml:"), std::string::npos);
  EXPECT_NE(refusal("plans:\n  x:\n    - format: {disk: sda}").find("agent.yaml:3: there is no step 'format'"),
            std::string::npos);
  EXPECT_NE(refusal("plans:\n  x:\n    - sysctl: {name: kernel.x, value: 1, force: 1}").find("does not know"),
            std::string::npos);
  EXPECT_EQ(refusal("health: {minimum-load: {oopses: 1}}"), "agent.yaml:1: 'oopses' is no metric of load");
}

}  // namespace
}  // namespace suture::agent
