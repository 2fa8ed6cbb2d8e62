#include "lab/kernel_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/words.h"

namespace suture::lab {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
// Takes "<4>" off the front. The number is facility * 8 + level.
std::optional<int> take_level(std::string_view& line) {
  if (!line.starts_with('<')) return std::nullopt;
  int number = 0;
  const auto [end, error] = std::from_chars(line.data() + 1, line.data() + line.size(), number);
  if (error != std::errc() || end == line.data() + line.size() || *end != '>' || number < 0) return std::nullopt;
  line.remove_prefix(static_cast<std::size_t>(end - line.data()) + 1);
  return number & 7;
}

// Takes "[    1.234567] " off the front.
std::optional<double> take_time(std::string_view& line) {
  if (!line.starts_with('[')) return std::nullopt;
  const auto number = line.find_first_not_of(' ', 1);
  if (number == std::string_view::npos) return std::nullopt;
  double seconds = 0;
  const auto [end, error] =
      std::from_chars(line.data() + number, line.data() + line.size(), seconds, std::chars_format::fixed);
  if (error != std::errc() || end == line.data() + line.size() || *end != ']') return std::nullopt;
  line.remove_prefix(static_cast<std::size_t>(end - line.data()) + 1);
  if (line.starts_with(' ')) line.remove_prefix(1);
  return seconds;
}

std::string printable(std::string_view line) {
  std::string out(line);
  for (char& c : out) {
    if ((c < ' ' && c != '\t') || c == '\x7f') c = '?';
  }
  return out;
}

// Numbers become '#': decimal, 0x…, and bare hexadecimal words of eight digits or more (register
// contents, hashed pointers). Digits inside a name, as in ipv6_rcv or eth0, stay.
std::string without_numbers(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const bool begins = at == 0 || !is_word(text[at - 1]);
    if (begins && is_hex(text[at])) {
      auto end = at;
      while (end < text.size() && is_word(text[end])) ++end;
      auto word = text.substr(at, end - at);
      const bool prefixed = word.starts_with("0x") && word.size() > 2;
      if (prefixed) word.remove_prefix(2);
      const bool decimal = std::all_of(word.begin(), word.end(), is_digit);
      const bool hex = std::all_of(word.begin(), word.end(), is_hex);
      if (decimal || (hex && (prefixed || word.size() >= 8))) {
        out += '#';
        at = end;
        continue;
      }
    }
    out += text[at++];
  }
  return out;
}

// kernel/panic.c, print_tainted(): "Not tainted" or "Tainted: G  W  OE     ".
std::string without_taint(std::string_view text) {
  constexpr std::string_view head = "Tainted: ";
  const auto at = text.find(head);
  if (at == std::string_view::npos) return std::string(text);
  auto end = at + head.size();
  while (end < text.size() && (text[end] == ' ' || (text[end] >= 'A' && text[end] <= 'Z'))) ++end;
  return fmt::format("{}Not tainted {}", text.substr(0, at), text.substr(end));
}

// "Code:" shows the bytes around the instruction, "Modules linked in:" what else is loaded.
constexpr std::array<std::string_view, 2> heads_of_varying_lines = {"Code: ", "Modules linked in:"};

constexpr std::array<std::string_view, 24> marks_of_damage = {
    "BUG:",
    "kernel BUG at",
    "Oops",
    "WARNING:",
    "Call Trace:",
    "general protection fault",
    "unable to handle",
    "Unable to handle",
    "invalid opcode:",
    "double fault",
    "stack-protector:",
    "Kernel panic",
    "Unpatched return thunk",
    "detected stall",
    "self-detected stall",
    "blocked for more than",
    "possible recursive locking",
    "circular locking dependency",
    "suspicious RCU usage",
    "refcount_t:",
    "list_add corruption",
    "list_del corruption",
    "UBSAN:",
    "Bad page state",
};

// kernel/module/main.c, check_modinfo() and load_module(): said for every module that is not the
// distribution's own. The first one is a warning; the others are notices on the kernels seen.
constexpr std::array<std::string_view, 3> expected_of_a_live_patch = {
    "loading out-of-tree module taints kernel.",
    "module verification failed: signature and/or required key missing - tainting kernel",
    "tainting kernel with TAINT_LIVEPATCH",
};

// Said when the guest's CPUs did not get to run in time: about the machine below, not the kernel.
constexpr std::array<std::string_view, 7> complaints_of_a_slow_machine = {
    "clocksource: ",
    "hrtimer: interrupt took",
    "TSC: Marking TSC unstable",
    "tsc: Marking TSC unstable",
    "perf: interrupt took too",
    "sched: RT throttling",
    "hogged CPU for",
};

// lib/ratelimit.c, ___ratelimit(): the first few of the messages that it speaks of were let through.
constexpr std::string_view tail_of_rate_limit = " callbacks suppressed";

bool is_expected(std::string_view text, const std::vector<std::string>& live_patches) {
  const auto says = [&](std::string_view part) { return text.find(part) != std::string_view::npos; };
  if (std::any_of(complaints_of_a_slow_machine.begin(), complaints_of_a_slow_machine.end(), says)) return true;
  if (text.ends_with(tail_of_rate_limit)) return true;
  return std::any_of(live_patches.begin(), live_patches.end(), [&](const std::string& name) {
    return std::any_of(expected_of_a_live_patch.begin(), expected_of_a_live_patch.end(),
                       [&](std::string_view said) { return text == fmt::format("{}: {}", name, said); });
  });
}

}  // namespace

std::vector<LogLine> parse_log(std::string_view text) {
  std::vector<LogLine> lines;
  for (auto line : lines_of(text)) {
    while (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    LogLine parsed;
    parsed.level = take_level(line);
    parsed.seconds = take_time(line);
    parsed.text = printable(line);
    lines.push_back(std::move(parsed));
  }
  return lines;
}

std::string normalised(std::string_view text) {
  for (const auto head : heads_of_varying_lines) {
    if (text.starts_with(head)) return std::string(head);
  }
  return without_numbers(without_taint(text));
}

bool is_mark_of_damage(std::string_view text) {
  return std::any_of(marks_of_damage.begin(), marks_of_damage.end(),
                     [&](std::string_view mark) { return text.find(mark) != std::string_view::npos; });
}

void Baseline::add(const std::vector<LogLine>& lines) {
  for (const auto& line : lines) seen_.insert(normalised(line.text));
}

std::vector<LogLine> new_complaints(const std::vector<LogLine>& lines, const Baseline& baseline,
                                    const std::vector<std::string>& live_patches) {
  std::vector<LogLine> complaints;
  for (const auto& line : lines) {
    const bool complains = (line.level && *line.level <= warning_level) || is_mark_of_damage(line.text);
    if (complains && !is_expected(line.text, live_patches) && !baseline.has(line.text)) complaints.push_back(line);
  }
  return complaints;
}

std::string crash_report(const std::vector<LogLine>& lines, std::size_t most) {
  auto at = std::find_if(lines.begin(), lines.end(), [](const LogLine& line) { return is_mark_of_damage(line.text); });
  std::string report;
  for (; at != lines.end() && most > 0; ++at, --most) report += at->text + "\n";
  return report;
}

// kernel/livepatch/transition.c, klp_start_transition() and klp_complete_transition().
std::vector<Transition> transitions(const std::vector<LogLine>& lines) {
  std::vector<Transition> found;
  std::vector<std::optional<double>> started;
  for (const auto& line : lines) {
    std::string_view text = line.text;
    constexpr std::string_view head = "livepatch: '";
    if (!text.starts_with(head)) continue;
    text.remove_prefix(head.size());
    const auto quote = text.find("': ");
    if (quote == std::string_view::npos) continue;
    const auto patch = text.substr(0, quote);
    const auto says = text.substr(quote + 3);
    for (const std::string_view direction : {"patching", "unpatching"}) {
      if (says == fmt::format("starting {} transition", direction)) {
        found.push_back({std::string(patch), std::string(direction)});
        started.push_back(line.seconds);
      } else if (says == fmt::format("{} complete", direction)) {
        for (std::size_t i = found.size(); i-- > 0;) {
          if (found[i].patch != patch || found[i].direction != direction) continue;
          if (!found[i].milliseconds && started[i] && line.seconds)
            found[i].milliseconds = std::round((*line.seconds - *started[i]) * 1e6) / 1e3;
          break;
        }
      }
    }
  }
  return found;
}

}  // namespace suture::lab
