#include "cli/timeline.h"

#include <fmt/chrono.h>

#include <cstdio>

#include "base/json.h"
#include "base/words.h"
#include "cli/answer.h"

namespace suture::cli {
namespace {

bool is_at_rest(std::string_view phase) { return phase == "finished" || phase == "taken back" || phase == "stopped"; }

std::map<std::string, std::string> names_of(const boost::json::value& rollout) {
  std::map<std::string, std::string> names;
  for (const auto& ring : list_of(rollout, "rings"))
    for (const auto& host : list_of(ring, "hosts")) names[text_of(host, "host")] = text_of(host, "hostname");
  return names;
}

/// Hosts by their names, where a text has their ids.
std::string with_names(std::string text, const std::map<std::string, std::string>& names) {
  for (const auto& [id, name] : names)
    for (auto at = text.find(id); !id.empty() && at != std::string::npos; at = text.find(id, at + name.size()))
      text.replace(at, id.size(), name);
  return text;
}

void print_entry(const boost::json::value& entry, const std::map<std::string, std::string>& names) {
  const auto host = text_of(entry, "host");
  const auto known = names.find(host);
  const auto where = known != names.end() ? known->second : host;
  fmt::print("{:%H:%M:%S}  {:<10} {:<12} {}\n", fmt::gmtime(static_cast<std::time_t>(number_of(entry, "at"))),
             text_of(entry, "ring"), where, with_names(text_of(entry, "text"), names));
}

/// What a host of it runs, and ran before.
std::string runs_of(const boost::json::value& host, bool is_of_agent) {
  if (is_of_agent)
    return fmt::format("agent {} (before release {})", text_of(host, "agent"), number_of(host, "before"));
  return fmt::format("level {} (before {})", number_of(host, "level"), number_of(host, "before"));
}

}  // namespace

std::string aim_of(const boost::json::value& rollout) {
  const auto agent = text_of(rollout, "agent");
  const auto level = number_of(rollout, "level");
  return agent.empty() ? fmt::format("level {}", level) : fmt::format("agent {} (release {})", agent, level);
}

Status watch(Session& session, const std::string& id, bool json) {
  constexpr std::chrono::seconds patience{60};
  const auto path = "/v1/rollouts/" + id;
  std::int64_t after = 0;
  while (true) {
    const auto answer = TRY(session.get(path));
    const auto rollout = TRY(json::parse(answer, "answer"));
    const auto names = names_of(rollout);
    // What had happened before it came to rest is printed too.
    const auto wait = is_at_rest(text_of(rollout, "phase")) ? 0 : 20;
    const auto lines = TRY(session.get(fmt::format("{}/events?after={}&wait={}", path, after, wait), patience));
    if (lines.empty() && wait == 0) return {};
    for (const auto line : lines_of(lines)) {
      const auto entry = TRY(json::parse(line, "answer"));
      after = number_of(entry, "sequence");
      if (json)
        fmt::print("{}\n", line);
      else
        print_entry(entry, names);
    }
    std::fflush(stdout);
  }
}

Status print_rollout(const std::string& answer) {
  const auto rollout = TRY(json::parse(answer, "answer"));
  const auto names = names_of(rollout);
  const auto reason = with_names(text_of(rollout, "reason"), names);
  const bool is_of_agent = !text_of(rollout, "agent").empty();
  fmt::print("{}  {}  {}{}{}\n  plan {}\n  approvals {} of {}\n", text_of(rollout, "name"), aim_of(rollout),
             text_of(rollout, "phase"), reason.empty() ? "" : ": ", reason, text_of(rollout, "digest"),
             list_of(rollout, "approved_by").size(), number_of(rollout, "approvals_needed"));
  for (const auto& ring : list_of(rollout, "rings")) {
    const auto passed = text_of(ring, "passed"), begun = text_of(ring, "begun");
    fmt::print("  {}: {}\n", text_of(ring, "name"),
               !passed.empty()  ? "passed " + passed
               : !begun.empty() ? "begun " + begun
                                : "has not begun");
    if (const auto compared = text_of(ring, "comparison"); !compared.empty())
      fmt::print("    comparison: {}\n", compared);
    for (const auto& host : list_of(ring, "hosts"))
      fmt::print("    {:<16} {:<9} {}  {:<8} {:<7} {}\n", text_of(host, "hostname"), text_of(host, "phase"),
                 runs_of(host, is_of_agent), text_of(host, "state"), text_of(host, "verdict"), text_of(host, "note"));
  }
  for (const auto& each : list_of(rollout, "waits"))
    if (each.is_string()) fmt::print("  waits: {}\n", with_names(plain(each.as_string()), names));
  return {};
}

}  // namespace suture::cli
