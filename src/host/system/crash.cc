#include "host/system/crash.h"

#include <sys/stat.h>

#include <algorithm>

#include "base/process.h"
#include "base/words.h"
#include "host/log/events.h"

namespace suture::host {
namespace {

// pstore keeps the end of a log in parts of some kilobytes; kdump's logs are whole.
constexpr std::size_t largest_log = std::size_t{32} << 20;

// "<4>[   12.345678] text", "[   12.345678][  T71] text", or the text alone.
std::string_view without_head(std::string_view line) {
  if (line.starts_with('<')) line.remove_prefix(std::min(line.find('>') + 1, line.size()));
  while (line.starts_with('[')) {
    const auto end = line.find(']');
    const auto inside = line.substr(1, end == std::string_view::npos ? 0 : end - 1);
    if (inside.find_first_not_of(" 0123456789.TC") != std::string_view::npos || end == std::string_view::npos) break;
    line.remove_prefix(end + 1);
  }
  while (line.starts_with(' ')) line.remove_prefix(1);
  return line;
}

class Search {
 public:
  Search(const Root& root, const Suspects& suspects, WallTime since)
      : root_(root), suspects_(suspects), since_(since) {}

  // Below `directory`, at most `depth` directories down, every file whose name begins with a given word.
  void look(const std::string& directory, unsigned depth, std::string_view begins) {
    const auto names = root_.names(directory);
    if (!names) {
      // A host without pstore or kdump has no such directory, and nothing to tell.
      if (root_.has(directory)) search_.unknown.push_back(names.error().describe());
      return;
    }
    std::vector<Log> logs;
    for (const auto& name : *names) {
      const auto path = fmt::format("{}/{}", directory, name);
      struct stat status {};
      if (::stat(root_.path(path).c_str(), &status) != 0) continue;
      if (S_ISDIR(status.st_mode) && depth > 0) look(path, depth - 1, begins);
      if (!S_ISREG(status.st_mode) || !name.starts_with(begins) || status.st_mtime < since_.time_since_epoch().count())
        continue;
      if (auto text = root_.text(path, largest_log)) {
        logs.push_back({path, status.st_mtime, std::move(*text)});
      } else {
        search_.unknown.push_back(text.error().describe());
      }
    }
    weigh(logs);
  }
  CrashSearch take() { return std::move(search_); }

 private:
  struct Log {
    std::string path;
    std::int64_t time = 0;
    std::string text;
  };

  // A trace may begin in one part and go on in another: what says nothing of damage by itself belongs to
  // whatever in its directory does.
  void weigh(const std::vector<Log>& logs) {
    std::string rest;
    std::vector<const Log*> damaged;
    for (const auto& log : logs) {
      if (evidence_in(log.text, "", {})) {
        damaged.push_back(&log);
      } else {
        rest += "\n" + log.text;
      }
    }
    for (const auto* log : damaged) {
      auto evidence = evidence_in(log->text + rest, log->path, suspects_);
      evidence->time = log->time;
      search_.found.push_back(std::move(*evidence));
    }
  }

  const Root& root_;
  const Suspects& suspects_;
  WallTime since_;
  CrashSearch search_;
};

}  // namespace

std::optional<CrashEvidence> evidence_in(std::string_view log, std::string source, const Suspects& suspects) {
  const auto lines = lines_of(log);
  const auto first = std::find_if(lines.begin(), lines.end(), [](std::string_view line) {
    const auto event = classify(without_head(line));
    return event && is_damage(*event);
  });
  if (first == lines.end()) return std::nullopt;
  CrashEvidence evidence;
  evidence.source = std::move(source);
  for (const char c : without_head(*first).substr(0, 300)) evidence.first_line += c < ' ' && c >= 0 ? '?' : c;
  evidence.functions = functions_named(lines, suspects.functions);
  for (const auto& module : suspects.modules) {
    if (module_named(lines, module)) evidence.modules.push_back(module);
  }
  return evidence;
}

CrashSearch search_crashes(const Root& root, const Suspects& suspects, WallTime since) {
  Search search(root, suspects, since);
  search.look("/sys/fs/pstore", 0, "dmesg-");
  search.look("/var/lib/systemd/pstore", 2, "dmesg");  // systemd-pstore(8): …/EPOCH/…/dmesg.txt
  search.look("/var/crash", 2, "dmesg.");              // Debian's kdump-tools
  search.look("/var/crash", 2, "vmcore-dmesg");        // kexec-tools of Red Hat and SUSE
  return search.take();
}

Known<std::string> previous_boot_log(Milliseconds patience) {
  Command command;
  command.argv = {"journalctl", "--dmesg", "--boot=-1", "--output=cat", "--no-pager", "--quiet", "--lines=20000"};
  command.timeout = patience;
  auto finished = run_checked(command);
  if (!finished) return fail(std::move(finished).error());
  if (finished->output.empty()) return fail("the journal has nothing of the boot before");
  return std::move(finished->output);
}

}  // namespace suture::host
