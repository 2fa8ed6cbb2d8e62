#include "agent/fleet/checkpoints.h"

#include <algorithm>

#include "base/json.h"
#include "base/read_described.h"

namespace suture::agent {

BOOST_DESCRIBE_STRUCT(AuditConflict, (), (at, reason, kept, shown))

namespace {

constexpr std::size_t most_days = 366, most_conflicts = 16;

struct StoredConflicts {
  std::vector<AuditConflict> conflicts{};
};
BOOST_DESCRIBE_STRUCT(StoredConflicts, (), (conflicts))

Result<trust::AuditCheckpoint> checkpoint_in(const std::string& document, const fs::path& file) {
  const auto all = TRY(trust::read_kept_checkpoints(document, file.string()));
  if (all.size() != 1) return fail("{}: is not one checkpoint", file.string());
  return all.front();
}

// An audit only grows.
std::string find_conflict(const trust::AuditCheckpoint& kept, const trust::AuditCheckpoint& shown) {
  const auto when = trust::tuf::format_time(kept.at);
  if (shown.sequence < kept.sequence)
    return fmt::format("it ends with entry {}, and had {} on {}", shown.sequence, kept.sequence, when);
  if (shown.sequence == kept.sequence && shown.digest != kept.digest)
    return fmt::format("its entry {} is another than it was on {}", shown.sequence, when);
  return {};
}

}  // namespace

// Named by their day, so that the names are in the order of time.
Result<std::vector<fs::path>> Checkpoints::days() const {
  std::vector<fs::path> files;
  if (!fs::exists(directory_)) return files;
  std::error_code error;
  for (const auto& each : fs::directory_iterator(directory_, error))
    if (each.path().filename().string().starts_with("day-")) files.push_back(each.path());
  if (error) return fail("{}: {}", directory_.string(), error.message());
  std::ranges::sort(files);
  return files;
}

Status Checkpoints::keep(std::string_view document, trust::tuf::Time now) const {
  const auto day = directory_ / fmt::format("day-{}.json", trust::tuf::format_time(now).substr(0, 10));
  if (!fs::exists(day)) {
    TRY(write_text(day, document));
    const auto files = TRY(days());
    for (std::size_t i = 0; i + most_days < files.size(); ++i) TRY(remove_tree(files[i]));
  }
  return write_text(latest(), document);
}

// Whether it is a new one. A server that was set back shows one with each report from then on.
Result<bool> Checkpoints::keep_conflict(AuditConflict conflict) const {
  StoredConflicts stored{TRY(conflicts())};
  const bool is_known =
      std::ranges::find(stored.conflicts, conflict.reason, &AuditConflict::reason) != stored.conflicts.end();
  if (is_known || stored.conflicts.size() >= most_conflicts) return false;
  stored.conflicts.push_back(std::move(conflict));
  TRY(write_text(conflicts_file(), json::to_text(stored)));
  return true;
}

Result<std::string> Checkpoints::take(const trust::AuditCheckpoint& shown, std::string_view document,
                                      trust::tuf::Time now) const {
  TRY(make_directories(directory_));
  if (!fs::exists(latest())) {
    TRY(keep(document, now));
    return std::string();
  }
  auto text = TRY(read_text(latest()));
  const auto kept = TRY(checkpoint_in(text, latest()));
  // Nothing was decided since: most reports are like that, and write nothing.
  if (kept.sequence == shown.sequence && kept.digest == shown.digest) return std::string();
  auto reason = find_conflict(kept, shown);
  if (reason.empty()) {
    TRY(keep(document, now));
    return reason;
  }
  const bool is_new =
      TRY(keep_conflict({now.time_since_epoch().count(), reason, std::move(text), std::string(document)}));
  return is_new ? reason : std::string();
}

Result<std::vector<std::string>> Checkpoints::documents() const {
  std::vector<std::string> all;
  auto files = TRY(days());
  if (fs::exists(latest())) files.push_back(latest());
  for (const auto& file : files) {
    auto document = TRY(read_text(file));
    all.push_back(std::move(document));
  }
  // The latest of the audit that was, before another one outgrew it.
  for (auto& each : TRY(conflicts())) all.push_back(std::move(each.kept));
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

Result<std::vector<AuditConflict>> Checkpoints::conflicts() const {
  if (!fs::exists(conflicts_file())) return std::vector<AuditConflict>();
  const auto text = TRY(read_text(conflicts_file()));
  auto stored = TRY(json::from_strict_text<StoredConflicts>(text, conflicts_file().string()));
  return std::move(stored.conflicts);
}

}  // namespace suture::agent
