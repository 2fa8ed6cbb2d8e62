#include "agent/health/log_watch.h"

#include <fmt/format.h>

#include "host/log/events.h"

namespace suture::agent {
namespace {

using host::LogEvent;

constexpr std::size_t longest_report = 150;  // lines: registers, a stack, the modules

bool names_its_cause(LogEvent event) {
  return event == LogEvent::oops || event == LogEvent::bug || event == LogEvent::warning;
}

}  // namespace

std::string LogWatch::take(const std::vector<host::LogRecord>& records) {
  for (const auto& record : records) {
    if (!record.from_kernel) continue;
    const auto event = host::classify(record.text);
    if (event && host::is_damage(*event)) {
      auto head = fmt::format("kernel log: {}: {}", host::name_of(*event), record.text);
      if (!names_its_cause(*event)) return head;
      // "BUG: …" and "Oops: …" are of one report.
      if (lines_left_ == 0) head_ = std::move(head);
      lines_left_ = longest_report;
    }
    if (lines_left_ == 0) continue;
    --lines_left_;
    if (const auto name = named_in(record.text); !name.empty()) return fmt::format("{} (names {})", head_, name);
    if (record.text.starts_with("---[ end trace")) lines_left_ = 0;
  }
  return {};
}

std::string LogWatch::named_in(const std::string& line) const {
  // What the unwinder found on a stack and does not believe: the rest of a call that is over.
  if (line.starts_with(" ? ")) return {};
  if (const auto named = host::functions_named({line}, functions_); !named.empty()) return named.front();
  for (const auto& module : modules_)
    if (host::module_named({line}, module)) return module;
  return {};
}

}  // namespace suture::agent
