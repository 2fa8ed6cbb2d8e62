#include "agent/health/watch.h"

#include "agent/health/series_text.h"
#include "agent/steps/steps.h"
#include "base/words.h"

namespace suture::agent {
namespace {

/// The module that a step puts in force; empty if it is none of a live patch.
std::string module_of(const StepSpec& spec) {
  const auto to = spec.parameters.find("to");
  return spec.kind == "livepatch" && to != spec.parameters.end() ? to->second : "";
}

LogWatch log_watch_of(const Plan& plan) {
  std::vector<std::string> functions, modules;
  for (const auto& spec : plan.steps) {
    const auto module = module_of(spec);
    if (module.empty() || module == no_live_patch) continue;
    modules.push_back(module);
    if (const auto named = spec.parameters.find("functions"); named != spec.parameters.end())
      for (const auto word : words_of(named->second)) functions.emplace_back(word);
  }
  return {std::move(functions), std::move(modules)};
}

}  // namespace

const PlanRecord* plan_to_watch(const History& history, std::string_view kernel) {
  if (history.unfinished() != nullptr) return nullptr;
  for (auto record = history.plans.rbegin(); record != history.plans.rend(); ++record) {
    if (is_for_another_kernel(record->plan, kernel)) continue;
    for (auto spec = record->plan.steps.rbegin(); spec != record->plan.steps.rend(); ++spec)
      if (const auto module = module_of(*spec); !module.empty()) return module == no_live_patch ? nullptr : &*record;
  }
  return nullptr;
}

Watch::Watch(const host::Root& root, const std::vector<Probe>& probes, const History& history, const PlanRecord& record,
             std::string_view boot)
    : root_(root), probes_(probes), plan_(record.plan.id), log_watch_(log_watch_of(record.plan)) {
  const auto before = read_baseline(record.baseline);
  if (!before) return;
  passed_before_ = before->probes;
  const bool is_newest =
      history.last && history.last->what == "committed" && history.last->subject == record.plan.subject;
  if (record.boot == boot && is_newest) log_from_ = before->log;
}

const std::string& Watch::look() {
  if (!worse_.empty()) return worse_;
  if (!log_) {
    if (auto log = host::KernelLog::open(root_, log_from_)) log_.emplace(std::move(*log));
  }
  while (log_ && worse_.empty()) {
    const auto records = log_->read();
    if (!records || records->empty()) break;
    worse_ = log_watch_.take(*records);
  }
  if (worse_.empty()) worse_ = failing_.look(probes_, passed_before_);
  return worse_;
}

}  // namespace suture::agent
