#include "lab/sessions.h"

namespace suture::lab {
namespace {

Status collect(const Booted& booted, std::size_t next, std::size_t end, Seen& seen) {
  auto story = tell(read_records(booted.records));
  if (!story.booted || story.runs.empty()) {
    return fail("the guest did not come to its first live patch{}; the end of its console:\n{}",
                story.damage.empty() ? "" : fmt::format(" (its report is damaged {})", story.damage),
                console_tail(booted.console));
  }
  if (auto& last = story.runs.back(); last.ended && !story.finished) {
    last.ended = false;
    last.in_flight = "going on after it";
  }
  const auto boot_log = parse_log(story.boot_log);
  seen.boot_log.insert(seen.boot_log.end(), boot_log.begin(), boot_log.end());
  for (auto& run : story.runs) {
    if (run.patch != next || next == end) return fail("the guest reports on live patch {} out of turn", run.patch);
    Witness witness{.run = std::move(run), .hung = booted.timed_out, .damage = story.damage};
    witness.log = witness.run.ended ? parse_log(witness.run.log) : console_since(booted.console, next);
    witness.console = console_tail(booted.console);
    seen.witnesses.push_back(std::move(witness));
    ++next;
  }
  return {};
}

}  // namespace

Result<Seen> see_all(std::size_t first, std::size_t end, const Guest& guest) {
  Seen seen;
  for (auto next = first; next < end; next = first + seen.witnesses.size()) {
    const auto booted = TRY(guest(next, end));
    TRY(collect(booted, next, end, seen));
    ++seen.boots;
  }
  return seen;
}

}  // namespace suture::lab
