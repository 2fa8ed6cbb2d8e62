// A host of named settings, whose agent can be killed, or which can lose power, at any moment: before,
// during and after each write to the journal, and before and after each action.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "agent/core/world.h"
#include "agent/history/history.h"

namespace suture::agent::testing {

/// What ends an agent, or a host.
struct Killed {};

using Settings = std::map<std::string, std::string>;

struct FakeHost {
  Settings settings{};  ///< lost at a reboot
  Settings defaults{};  ///< what a boot begins with
  Bytes disk{};         ///< the journal
  int boots = 1;
  std::int64_t milliseconds = 0;
  Judgement health = Judgement::well;
  int oopses = 0;                   ///< in this boot
  std::set<std::string> broken{};   ///< settings that refuse to change
  std::set<std::string> slow{};     ///< settings that never settle with the value "new"
  std::set<std::string> hidden{};   ///< settings that nobody can read, and so never settle, once they are not "old"
  std::set<std::string> oopsing{};  ///< "setting=value": what makes the kernel oops
  std::vector<std::string> actions{};
  std::optional<std::size_t> kill_at{};  ///< number of the moment
  std::size_t moments = 0;               ///< that have passed

  void moment() {
    if (kill_at && moments++ == *kill_at) throw Killed{};
    if (!kill_at) ++moments;
  }
  void reboot() {
    settings = defaults;
    oopses = 0;
    ++boots;
  }
};

class KillableFile : public AppendFile {
 public:
  explicit KillableFile(FakeHost& host) : host_(host) {}
  Result<Bytes> read() override { return host_.disk; }
  Status append(ByteView bytes) override {
    host_.moment();
    const auto half = static_cast<std::ptrdiff_t>(bytes.size() / 2);
    host_.disk.insert(host_.disk.end(), bytes.begin(), bytes.begin() + half);
    host_.moment();
    host_.disk.insert(host_.disk.end(), bytes.begin() + half, bytes.end());
    host_.moment();
    return {};
  }
  Status cut(std::uint64_t size) override {
    host_.moment();
    host_.disk.resize(size);
    return {};
  }

 private:
  FakeHost& host_;
};

class FakeStep : public Step {
 public:
  FakeStep(FakeHost& host, std::string name, std::string value)
      : host_(host), name_(std::move(name)), value_(std::move(value)) {}

  std::string key() const override { return name_; }
  std::string describe() const override { return name_ + "=" + value_; }
  Undo undo() const override { return Undo::yes; }
  std::vector<std::string> symbols() const override { return {"symbol_of_" + name_}; }
  Result<std::string> observe() override {
    if (is_hidden()) return fail("{} cannot be read", name_);
    return host_.settings[name_];
  }
  bool is_done(const std::string& now, const std::string&) const override { return now == value_; }
  Status apply() override { return set(value_); }
  Status restore(const std::string& earlier) override { return set(earlier); }
  Result<bool> is_settled() override {
    return !is_hidden() && (!host_.slow.contains(name_) || host_.settings[name_] != "new");
  }
  std::vector<BlockingTask> blocking() override { return {{.pid = 7, .name = "sleeper", .stack = "do_nanosleep"}}; }

 private:
  bool is_hidden() const { return host_.hidden.contains(name_) && host_.settings[name_] != "old"; }
  Status set(const std::string& value) {
    host_.moment();
    if (host_.broken.contains(name_)) return fail("{} refuses", name_);
    host_.settings[name_] = value;
    host_.actions.push_back(name_ + "=" + value);
    if (host_.oopsing.contains(name_ + "=" + value)) ++host_.oopses;
    host_.moment();
    return {};
  }

  FakeHost& host_;
  std::string name_, value_;
};

/// Asks that a setting has a value, and changes nothing.
class FakeCheck : public FakeStep {
 public:
  using FakeStep::FakeStep;
  bool restores_nothing() const override { return true; }
};

template <typename Kind>
std::unique_ptr<Step> make(FakeHost& host, const StepSpec& spec) {
  return std::make_unique<Kind>(host, spec.parameters.at("name"), spec.parameters.at("value"));
}

class FakeClock : public Clock {
 public:
  explicit FakeClock(FakeHost& host) : host_(host) {}
  std::int64_t now() override { return host_.milliseconds / 1000; }
  Milliseconds monotonic() override { return Milliseconds(host_.milliseconds); }
  void sleep(Milliseconds time) override { host_.milliseconds += time.count(); }

 private:
  FakeHost& host_;
};

class FakeHealth : public Health {
 public:
  explicit FakeHealth(FakeHost& host) : host_(host) {}
  Result<std::string> baseline() override { return std::to_string(host_.oopses); }
  Result<std::string> reading() override { return std::to_string(host_.oopses); }
  Verdict judge(const std::string&, Milliseconds soaked) override {
    if (soaked < Milliseconds(60'000)) return {Judgement::not_yet, ""};
    return {host_.health, "io_pressure"};
  }
  Milliseconds pause() const override { return Milliseconds(1000); }
  std::optional<std::string> oopsed(const std::string& baseline) override {
    if (host_.oopses > std::stoi(baseline)) return "the kernel has oopsed";
    return std::nullopt;
  }

 private:
  FakeHost& host_;
};

/// One life of an agent on a host. Begins with reading the journal.
class FakeAgent {
 public:
  explicit FakeAgent(FakeHost& host)
      : journal_(*Journal::open(std::make_unique<KillableFile>(host), "journal")),
        clock_(host),
        health_(host),
        world{.journal = journal_,
              .clock = clock_,
              .health = health_,
              .make_step = [&host](const StepSpec& spec) -> Result<std::unique_ptr<Step>> {
                if (spec.kind == "set") return make<FakeStep>(host, spec);
                if (spec.kind == "check") return make<FakeCheck>(host, spec);
                return fail("there is no step '{}'", spec.kind);
              },
              .boot = "boot " + std::to_string(host.boots),
              .kernel = "this kernel"} {}
  FakeAgent(const FakeAgent&) = delete;

 private:
  Journal journal_;
  FakeClock clock_;
  FakeHealth health_;

 public:
  World world;
};

inline StepSpec set(std::string name, std::string value) {
  return {"set", {{"name", std::move(name)}, {"value", std::move(value)}}};
}

inline Plan level(int number, std::vector<StepSpec> steps) {
  return {.id = std::to_string(number), .subject = "level " + std::to_string(number), .steps = std::move(steps)};
}

inline History history_of(FakeAgent& agent) { return *replay(agent.world.journal.entries()); }

}  // namespace suture::agent::testing
