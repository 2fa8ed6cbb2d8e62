// How a plan is carried out, and taken back: which state follows which.
#pragma once

#include <optional>
#include <string_view>

namespace suture::agent {

enum class State {
  intending,      ///< the journal learns what is going to be done
  applying,       ///< the next step is applied
  watching,       ///< until the kernel has finished with it
  soaking,        ///< all steps are in force; the host is compared with itself before
  committing,     ///< the journal learns that they stay
  undoing,        ///< the last step that is not undone is undone
  watching_undo,  ///< until the kernel has finished with it
  ending,         ///< the journal learns that nothing is left
  // What follows are ends.
  refused,    ///< nothing was done
  committed,  ///< in force
  undone,     ///< all is as it was
  stuck       ///< nothing more is done to this kernel without a person, or a reboot
};

enum class Event {
  written,   ///< to the journal
  applied,   ///< one step
  finished,  ///< there is no step left
  settled,   ///< the kernel is done
  stalled,   ///< it was not in time
  well,      ///< the host
  worse,
  undecided,  ///< too long, and the policy is to ask
  restored,   ///< one step
  conflict,   ///< what a step acts on was changed by somebody else
  failed,
  oops  ///< the kernel is damaged
};

bool is_end(State state);
std::string_view name_of(State state);
/// Nothing if the event cannot happen in this state.
std::optional<State> next(State state, Event event);

}  // namespace suture::agent
