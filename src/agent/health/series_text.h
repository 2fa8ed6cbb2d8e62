// Readings as text, for the journal: so that an agent which was ended while it watched goes on with what was
// seen before.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "agent/health/verdict.h"

namespace suture::agent {

struct Baseline {
  std::uint64_t taint = 0, oopses = 0;
  bool oopses_known = false;
  std::uint64_t log = 0;  ///< number of the kernel log's first record afterwards
  std::map<std::string, std::vector<double>> samples{};  ///< by metric
  std::map<std::string, bool> probes{};                  ///< which passed
};

std::string to_text(const Baseline& baseline);
Result<Baseline> read_baseline(std::string_view text);

}  // namespace suture::agent
