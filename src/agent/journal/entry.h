// What the journal says. Each entry is on the disk before the action that it announces.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agent/journal/frame.h"

namespace suture::agent {

/// The numbers are on disks: never reuse one.
enum class EntryKind : std::uint8_t {
  intent = 1,       ///< a plan is going to be carried out. text: the plan; value: readings before it
  step_begun = 2,   ///< value: the state that the step found
  step_done = 3,    ///< value: the state that it left, which is ours
  soaking = 4,      ///< all steps are done; the host's health is watched
  committed = 5,    ///< text: the verdict
  undoing = 6,      ///< steps are going to be undone, in reverse. text: why
  step_undone = 7,  ///< text: how
  undone = 8,       ///< the plan is no longer in force
  stuck = 9,        ///< the plan can neither go on nor be undone by itself. value: a code; text: why
  held = 10,        ///< value: the subject that is not applied until released; text: why
  released = 11,    ///< value: the subject
  boot_begun = 12,  ///< what is committed is going to be applied at boot. value: subjects, one a line
  boot_ended = 13,  ///< text: how
  reboot_asked =
      14,            ///< the host is to reboot; this plan and those above end with it, none if there is none. text: why
  reboot_over = 15,  ///< text: how: it came up again, or is not to reboot any more
};

std::string_view name_of(EntryKind kind);

struct Entry {
  EntryKind kind = EntryKind::intent;
  std::int64_t time = 0;   ///< seconds since 1970
  std::string boot{};      ///< id of the boot it was written in
  std::string plan{};      ///< the plan's id; empty if it is about none
  std::int64_t step = -1;  ///< number of the plan's step, from 0; -1 if it is about none
  std::string value{}, text{};
  bool operator==(const Entry&) const = default;
};

std::string payload_of(const Entry& entry);
/// Fails on a kind or a member that this agent does not know. `name` is what errors call the journal.
Result<Entry> read_entry(const Frame& frame, std::string_view name);

}  // namespace suture::agent
