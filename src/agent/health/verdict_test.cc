#include "agent/health/verdict.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace suture::agent {
namespace {

using Metrics = std::map<std::string, Series>;
using Samples = std::vector<double>;

Metrics with(const std::string& name, Series series) {
  Metrics metrics;
  metrics.emplace(name, std::move(series));
  metrics.emplace("run_queue", Series{.before = Samples(10, 1.0), .after = Samples(10, 1.0)});
  return metrics;
}

TEST(Verdict, EqualIsWell) { EXPECT_EQ(compare(with("io", {}), {}).judgement, Judgement::well); }

TEST(Verdict, WarningThatWasNotThereBeforeIsWorse) {
  const auto verdict = compare(with("warnings", {.kind = MetricKind::event, .before = {0, 0}, .after = {0, 1, 0}}), {});
  EXPECT_EQ(verdict.judgement, Judgement::worse);
  EXPECT_EQ(verdict.reason, "warnings: 1 after, none before");
}

TEST(Verdict, HostThatAlwaysWarnedIsNotWorse) {
  EXPECT_EQ(compare(with("warnings", {.kind = MetricKind::event, .before = {0, 1}, .after = {1, 1}}), {}).judgement,
            Judgement::well);
}

TEST(Verdict, SlowerDiskIsWorseAndTheReasonNamesIt) {
  const auto verdict = compare(with("disk_latency_ms", {.least_difference = 1,
                                                        .before = {2, 2.1, 1.9, 2, 2.2, 2, 1.8, 2, 2, 2.1},
                                                        .after = {8, 7, 9, 8, 8, 7.5, 8, 8.2, 2.1, 8}}),
                               {});
  EXPECT_EQ(verdict.judgement, Judgement::worse);
  EXPECT_EQ(verdict.reason, "disk_latency_ms: median 2 before, 8 after; 9 of 10 samples above 3");
}

TEST(Verdict, LittleMoreOfAlmostNothingIsNoHarm) {
  EXPECT_EQ(
      compare(with("io_pressure", {.least_difference = 0.05, .before = Samples(10, 0.001), .after = Samples(10, 0.03)}),
              {})
          .judgement,
      Judgement::well);
}

TEST(Verdict, OneSpikeIsNoHarm) {
  auto after = Samples(10, 2.0);
  after[4] = 500;
  EXPECT_EQ(compare(with("disk_latency_ms", {.before = Samples(10, 2.0), .after = after}), {}).judgement,
            Judgement::well);
}

TEST(Verdict, QuietHostProvesNothing) {
  auto metrics = with("cpu_busy", {.kind = MetricKind::load, .before = Samples(10, 0.5), .after = Samples(10, 0.001)});
  const auto verdict = compare(metrics, {.minimum_load = {{"cpu_busy", 0.01}}});
  EXPECT_EQ(verdict.judgement, Judgement::unknown);
  EXPECT_NE(verdict.reason.find("too quiet"), std::string::npos);
}

TEST(Verdict, FewSamplesSayNothing) {
  Metrics metrics{{"io", {.before = Samples(3, 1.0), .after = Samples(3, 9.0)}}};
  EXPECT_EQ(compare(metrics, {}).judgement, Judgement::unknown);
}

// Fifteen metrics of a host with heavy tails, spikes, and load that drifts and comes in waves: nothing changed, so
// every "worse" is false.
TEST(Verdict, NoiseIsTakenForHarmInAtMostOneOfAHundredApplies) {
  std::mt19937 random(20261125);  // NOLINT: the same noise each time
  std::lognormal_distribution<double> heavy(0, 0.6);
  std::normal_distribution<double> step(0, 0.25);
  std::bernoulli_distribution spike(0.03);
  std::uniform_real_distribution<double> phase(0, 6.28);
  constexpr int applies = 4000;
  int wrong = 0;
  for (int apply = 0; apply < applies; ++apply) {
    Metrics metrics;
    for (int metric = 0; metric < 15; ++metric) {
      Series series;
      double drift = 0;
      const auto begin = phase(random);
      for (int i = 0; i < 24; ++i) {
        drift = 0.7 * drift + step(random);
        const auto wave = 1 + 0.3 * std::sin(begin + i / 3.0);
        const auto sample = heavy(random) * std::exp(drift) * wave * (spike(random) ? 20 : 1);
        (i < 12 ? series.before : series.after).push_back(sample);
      }
      metrics.emplace("metric " + std::to_string(metric), std::move(series));
    }
    wrong += compare(metrics, {}).judgement == Judgement::worse ? 1 : 0;
  }
  RecordProperty("false_worse", wrong);
  EXPECT_LE(wrong, applies / 100);
}

// The other side: the same noise, and a disk that really became three times slower.
TEST(Verdict, ThreefoldHarmIsSeenThroughModestNoise) {
  std::mt19937 random(1);  // NOLINT
  std::lognormal_distribution<double> noise(0, 0.2);
  constexpr int applies = 500;
  int seen = 0;
  for (int apply = 0; apply < applies; ++apply) {
    Series series;
    for (int i = 0; i < 12; ++i) series.before.push_back(noise(random));
    for (int i = 0; i < 12; ++i) series.after.push_back(3 * noise(random));
    seen += compare({{"disk_latency_ms", series}}, {}).judgement == Judgement::worse ? 1 : 0;
  }
  EXPECT_GE(seen, applies * 95 / 100);
}

}  // namespace
}  // namespace suture::agent
