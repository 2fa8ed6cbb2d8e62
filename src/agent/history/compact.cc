#include "agent/history/compact.h"

#include <set>

#include "agent/history/history.h"

namespace suture::agent {
namespace {

bool is_about_boot(const Entry& entry) {
  return entry.kind == EntryKind::boot_begun || entry.kind == EntryKind::boot_ended;
}

bool is_about_reboot(const Entry& entry) {
  return entry.kind == EntryKind::reboot_asked || entry.kind == EntryKind::reboot_over;
}

}  // namespace

std::vector<Entry> compact(const std::vector<Entry>& entries) {
  const auto history = replay(entries);
  if (!history || history->unfinished() != nullptr || history->reboot) return entries;
  std::set<std::string> in_force;
  for (const auto& each : history->plans) in_force.insert(each.plan.id);
  std::size_t last_boot = entries.size();
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (entries[i].kind == EntryKind::boot_begun) last_boot = i;
  std::vector<Entry> kept;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto& entry = entries[i];
    if (entry.kind == EntryKind::held || entry.kind == EntryKind::released || is_about_reboot(entry)) continue;
    if (is_about_boot(entry) ? i >= last_boot : in_force.contains(entry.plan)) kept.push_back(entry);
  }
  for (const auto& [subject, hold] : history->holds)
    kept.push_back({.kind = EntryKind::held, .time = hold.since, .value = subject, .text = hold.reason});
  return kept;
}

}  // namespace suture::agent
