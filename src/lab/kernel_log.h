// Kernel logs, and what one says that another does not.
//
// Two boots never log the same bytes: times, addresses, process ids and CPU numbers differ. So lines
// are compared after normalised(), and only lines that complain count: warning level or worse, or
// one that carries a mark which the kernel prints only when something is broken.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace suture::lab {

/// include/linux/kern_levels.h: 0 is the worst, 4 a warning, 6 information.
constexpr int warning_level = 4;

struct LogLine {
  std::optional<int> level = {};       ///< unknown on a console, which does not print it
  std::optional<double> seconds = {};  ///< since boot
  std::string text = {};
  bool operator==(const LogLine&) const = default;
};

/// Lines as `dmesg -r` prints them, "<4>[    1.234567] text", or as a console shows them, without
/// the level. Accepts any bytes: what is not printable becomes '?', a line without a head is a
/// line without level and time.
std::vector<LogLine> parse_log(std::string_view text);

/// The text with everything taken out that differs between two boots of one kernel.
std::string normalised(std::string_view text);

/// Whether the text carries a mark of a broken kernel: an oops, a BUG, a WARNING, a stack trace, a
/// lockdep or sanitizer report. Such a line counts whatever its level.
bool is_mark_of_damage(std::string_view text);

/// What a healthy kernel logs, normalised.
class Baseline {
 public:
  void add(const std::vector<LogLine>& lines);
  bool has(std::string_view text) const { return seen_.contains(normalised(text)); }

 private:
  std::set<std::string> seen_;
};

/// The lines that complain and that the baseline does not have, in order. Left out are what any
/// live patch that was not built with the kernel makes the kernel say, for the modules named in
/// `live_patches`, and complaints about a slow machine under the guest.
std::vector<LogLine> new_complaints(const std::vector<LogLine>& lines, const Baseline& baseline,
                                    const std::vector<std::string>& live_patches);

/// The report of a crash on a console: from the first mark of damage on, at most `most` lines.
/// Empty if there is none.
std::string crash_report(const std::vector<LogLine>& lines, std::size_t most = 120);

/// A transition of a live patch, read from the times that the kernel logged.
struct Transition {
  std::string patch;
  std::string direction;                    ///< "patching" or "unpatching"
  std::optional<double> milliseconds = {};  ///< none if it did not end in this log
};
std::vector<Transition> transitions(const std::vector<LogLine>& lines);

}  // namespace suture::lab
