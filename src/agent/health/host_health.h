// Health of a real host: its readings, its kernel log, and the operator's probes.
#pragma once

#include <functional>
#include <optional>

#include "agent/health/series_text.h"
#include "agent/probes/failing.h"
#include "host/health/reading.h"
#include "host/log/events.h"
#include "host/log/kernel_log.h"
#include "host/root.h"

namespace suture::agent {

struct HealthOptions {
  std::size_t samples = 10;             ///< before; and the least after
  Milliseconds interval{2000};          ///< between two samples
  Milliseconds soak{60'000};            ///< how long a host is watched at least
  Milliseconds watch{3'600'000};        ///< after the commit, how long what turns out worse is taken back
  Milliseconds watch_interval{30'000};  ///< between two looks at what is committed
  std::map<std::string, double> minimum_load{};
  std::vector<Probe> probes{};
};

class HostHealth : public Health {
 public:
  HostHealth(const host::Root& root, Clock& clock, HealthOptions options)
      : root_(root), clock_(clock), options_(std::move(options)) {}

  Result<std::string> baseline() override;
  Result<std::string> reading() override;
  Verdict judge(const std::string& baseline, Milliseconds soaked) override;
  Milliseconds pause() const override { return options_.interval; }
  std::optional<std::string> oopsed(const std::string& baseline) override;

 private:
  Result<const Baseline*> known(const std::string& text);
  void sample(std::map<std::string, std::vector<double>>& into);
  void open_log(std::uint64_t from);
  std::string look_at_log(const Baseline& baseline);
  std::map<std::string, Series> series(const Baseline& baseline) const;

  const host::Root& root_;
  Clock& clock_;
  HealthOptions options_;
  std::string text_{};  ///< that baseline_ was read from
  Baseline baseline_{};
  std::optional<host::Reading> last_{};
  std::map<std::string, std::vector<double>> after_{};
  std::optional<host::KernelLog> log_{};
  FailingProbes failing_{};
};

}  // namespace suture::agent
