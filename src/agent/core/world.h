// What the core asks of the world around it. In life each is a file of the command; in tests, a fake.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "agent/journal/journal.h"
#include "agent/plan/step.h"

namespace suture::agent {

using Milliseconds = std::chrono::milliseconds;

class Clock {
 public:
  virtual ~Clock() = default;
  /// Seconds since 1970.
  virtual std::int64_t now() = 0;
  /// Since any fixed moment; never goes back.
  virtual Milliseconds monotonic() = 0;
  virtual void sleep(Milliseconds time) = 0;
};

enum class Judgement { well, worse, unknown, not_yet };

struct Verdict {
  Judgement judgement = Judgement::unknown;
  std::string reason{};  ///< the reading that decided it
};

class Health {
 public:
  virtual ~Health() = default;
  /// How the host is before a plan, as text for judge() and oopsed(), also those of a later process. May
  /// take the time that a baseline takes.
  virtual Result<std::string> baseline() = 0;
  /// The same in one quick look, enough for oopsed().
  virtual Result<std::string> reading() = 0;
  /// Looks once. `soaked` is the time since the last step settled.
  virtual Verdict judge(const std::string& baseline, Milliseconds soaked) = 0;
  /// How long to wait between two looks.
  virtual Milliseconds pause() const = 0;
  /// Why nothing more may be loaded into this kernel or unloaded from it, if so.
  virtual std::optional<std::string> oopsed(const std::string& baseline) = 0;
};

struct Policy {
  Milliseconds transition{60'000};        ///< patience with a transition; the kernel signals every 15 s
  Milliseconds undo_transition{120'000};  ///< the same, on the way back
  Milliseconds look{200};                 ///< between two looks at a transition
  Milliseconds undecided{1'800'000};      ///< how long an unknown health is waited for
  bool hold_when_undecided = false;       ///< else it is undone
  bool revert_after_oops = false;         ///< once, and not beyond a second oops; else the plan is stuck
};

struct World {
  Journal& journal;
  Clock& clock;
  Health& health;
  StepMaker make_step;
  std::string boot;    ///< id of this boot
  std::string kernel;  ///< build-id of the running vmlinux
  Policy policy{};
  /// Is told what happens, for people and for metrics.
  std::function<void(std::string_view event, const std::string& text)> tell = [](auto, const auto&) {};

  /// An entry of now and this boot.
  Status write(EntryKind kind, std::string plan = "", std::int64_t step = -1, std::string value = "",
               std::string text = "") {
    return journal.append({.kind = kind,
                           .time = clock.now(),
                           .boot = boot,
                           .plan = std::move(plan),
                           .step = step,
                           .value = std::move(value),
                           .text = std::move(text)});
  }
};

}  // namespace suture::agent
