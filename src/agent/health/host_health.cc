#include "agent/health/host_health.h"

#include <fmt/format.h>

#include "host/module/taint.h"

namespace suture::agent {
namespace {

using host::Metric;

// What a live patch itself brings.
constexpr std::uint64_t harmless_taint =
    host::taint::live_patch | host::taint::out_of_tree | host::taint::unsigned_module;

MetricKind kind_of(Metric metric) {
  switch (metric) {
    case Metric::oopses:
    case Metric::warnings:
    case Metric::hung_tasks:
      return MetricKind::event;
    default:
      return host::metric_meaning(metric) == host::Meaning::load ? MetricKind::load : MetricKind::level;
  }
}

// How much more is nothing to talk of.
double least_difference_of(Metric metric) {
  switch (metric) {
    case Metric::cpu_pressure:
    case Metric::memory_pressure:
    case Metric::io_pressure:
    case Metric::memory_full_pressure:
    case Metric::io_full_pressure:
    case Metric::io_wait:
    case Metric::cpu_steal:
      return 0.1;
    case Metric::run_queue:
      return 1;
    case Metric::blocked_tasks:
      return 3;
    case Metric::disk_latency_ms:
    case Metric::slowest_disk_ms:
      return 5;
    case Metric::tcp_retransmits:
      return 0.02;
    case Metric::tcp_resets:
    case Metric::tcp_timeouts:
    case Metric::listen_drops:
    case Metric::packet_errors:
      return 10;
    case Metric::memory_used_growth:
    case Metric::slab_growth:
    case Metric::kernel_stack_growth:
      return 4096;  // KiB a second
    default:
      return 0;
  }
}

std::optional<std::uint64_t> taint_of(const host::Root& root) {
  const auto taint = host::read_taint(root);
  return taint ? std::optional(*taint) : std::nullopt;
}

}  // namespace

Result<std::string> HostHealth::reading() {
  Baseline baseline;
  const auto now = host::take_reading(root_, host::now());
  if (!now.taint)
    return fail("/proc/sys/kernel/tainted cannot be read: nobody could tell whether the kernel is damaged");
  baseline.taint = *now.taint;
  baseline.oopses = now.oopses.value_or(0);
  baseline.oopses_known = now.oopses.has_value();
  return to_text(baseline);
}

Result<std::string> HostHealth::baseline() {
  const auto first = TRY(reading());
  auto baseline = TRY(read_baseline(first));
  last_.reset();
  sample(baseline.samples);
  for (std::size_t i = 0; i < options_.samples; ++i) {
    clock_.sleep(options_.interval);
    sample(baseline.samples);
  }
  for (const auto& probe : options_.probes) baseline.probes[probe.name] = run_probe(probe).has_value();
  last_.reset();
  after_.clear();
  failing_ = {};
  log_.reset();
  open_log(0);
  while (log_) {
    const auto read = log_->read();
    if (!read || read->empty()) break;
  }
  if (log_) baseline.log = log_->next();
  return to_text(baseline);
}

void HostHealth::open_log(std::uint64_t from) {
  if (auto log = host::KernelLog::open(root_, from)) log_.emplace(std::move(*log));
}

void HostHealth::sample(std::map<std::string, std::vector<double>>& into) {
  auto now = host::take_reading(root_, host::now());
  if (last_) {
    const auto rates = host::rates(*last_, now);
    for (std::size_t i = 0; i < host::metric_count; ++i) {
      const auto metric = static_cast<Metric>(i);
      if (metric != Metric::new_taint && rates[metric])
        into[std::string(host::metric_name(metric))].push_back(*rates[metric]);
    }
  }
  last_ = std::move(now);
}

Result<const Baseline*> HostHealth::known(const std::string& text) {
  if (text_ != text) {
    baseline_ = TRY(read_baseline(text));
    text_ = text;
  }
  return &baseline_;
}

std::optional<std::string> HostHealth::oopsed(const std::string& text) {
  const auto before = known(text);
  if (!before) return std::nullopt;
  const auto taint = taint_of(root_);
  if (taint && (*taint & ~(*before)->taint & host::taint::died) != 0) return "the kernel has oopsed since";
  if (!(*before)->oopses_known) return std::nullopt;
  const auto oopses = root_.number("/sys/kernel/oops_count");
  if (oopses && std::cmp_greater(*oopses, (*before)->oopses))
    return fmt::format("the kernel has oopsed {} times since", *oopses - static_cast<std::int64_t>((*before)->oopses));
  return std::nullopt;
}

std::string HostHealth::look_at_log(const Baseline& baseline) {
  if (!log_) open_log(baseline.log);  // an earlier process took the baseline
  if (!log_) return {};
  const auto records = log_->read();
  if (!records) return {};
  for (const auto& record : *records) {
    if (!record.from_kernel) continue;
    const auto event = host::classify(record.text);
    if (event && host::is_damage(*event)) return fmt::format("kernel log: {}: {}", host::name_of(*event), record.text);
  }
  return {};
}

std::map<std::string, Series> HostHealth::series(const Baseline& baseline) const {
  std::map<std::string, Series> all;
  for (std::size_t i = 0; i < host::metric_count; ++i) {
    const auto metric = static_cast<Metric>(i);
    const std::string name(host::metric_name(metric));
    Series series{.kind = kind_of(metric), .least_difference = least_difference_of(metric)};
    if (const auto before = baseline.samples.find(name); before != baseline.samples.end())
      series.before = before->second;
    if (const auto after = after_.find(name); after != after_.end()) series.after = after->second;
    all.emplace(name, std::move(series));
  }
  return all;
}

Verdict HostHealth::judge(const std::string& text, Milliseconds soaked) {
  const auto before = known(text);
  if (!before) return {Judgement::unknown, before.error().describe()};
  sample(after_);
  if (const auto taint = taint_of(root_)) {
    const auto fresh = *taint & ~(*before)->taint & ~harmless_taint;
    if (fresh != 0) return {Judgement::worse, fmt::format("new taint {}", host::taint_letters(fresh))};
  }
  if (auto reason = look_at_log(**before); !reason.empty()) return {Judgement::worse, std::move(reason)};
  if (auto reason = failing_.look(options_.probes, (*before)->probes); !reason.empty())
    return {Judgement::worse, std::move(reason)};
  const auto metrics = series(**before);
  if (auto reason = new_events(metrics); !reason.empty()) return {Judgement::worse, std::move(reason)};
  if (soaked < options_.soak) return {Judgement::not_yet, ""};
  return compare(metrics, {.samples = options_.samples, .minimum_load = options_.minimum_load});
}

}  // namespace suture::agent
