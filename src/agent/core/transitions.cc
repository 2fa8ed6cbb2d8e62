#include "agent/core/transitions.h"

#include <array>

namespace suture::agent {
namespace {

struct Transition {
  State from;
  Event event;
  State to;
};

constexpr std::array<Transition, 27> table{{
    {State::intending, Event::written, State::applying},
    {State::intending, Event::failed, State::refused},

    {State::applying, Event::applied, State::watching},
    {State::applying, Event::finished, State::soaking},
    {State::applying, Event::failed, State::undoing},
    {State::applying, Event::oops, State::stuck},

    {State::watching, Event::settled, State::applying},
    {State::watching, Event::stalled, State::undoing},
    {State::watching, Event::failed, State::undoing},
    {State::watching, Event::oops, State::stuck},

    {State::soaking, Event::well, State::committing},
    {State::soaking, Event::worse, State::undoing},
    {State::soaking, Event::undecided, State::stuck},
    {State::soaking, Event::failed, State::undoing},
    {State::soaking, Event::oops, State::stuck},

    {State::committing, Event::written, State::committed},
    {State::committing, Event::failed, State::undoing},

    {State::undoing, Event::restored, State::watching_undo},
    {State::undoing, Event::finished, State::ending},
    {State::undoing, Event::conflict, State::stuck},
    {State::undoing, Event::failed, State::stuck},
    {State::undoing, Event::oops, State::stuck},

    {State::watching_undo, Event::settled, State::undoing},
    {State::watching_undo, Event::stalled, State::stuck},
    {State::watching_undo, Event::failed, State::stuck},
    {State::watching_undo, Event::oops, State::stuck},

    {State::ending, Event::written, State::undone},
}};

}  // namespace

bool is_end(State state) { return state >= State::refused; }

std::string_view name_of(State state) {
  constexpr std::array<std::string_view, 12> names{
      "intending",         "applying", "watching", "soaking",   "committing", "undoing",
      "watching the undo", "ending",   "refused",  "committed", "undone",     "stuck"};
  return names[static_cast<std::size_t>(state)];
}

std::optional<State> next(State state, Event event) {
  for (const auto& each : table)
    if (each.from == state && each.event == event) return each.to;
  return std::nullopt;
}

}  // namespace suture::agent
