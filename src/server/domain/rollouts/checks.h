// What a gate asks beside the hosts themselves: a health address, a Prometheus query. The domain says what is asked and
// what an answer means; who asks is behind CheckAnswers.
#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "rollout/observations.h"

namespace suture::server {

struct CheckSpec {
  std::string name;
  std::string url;      ///< of a probe: 200 to 299 is good, any other answer a breach. Of Prometheus: its address
  std::string query{};  ///< PromQL; empty for a probe
  std::optional<double> at_most{}, at_least{};  ///< of every series that the query gives: beyond is a breach
  bool operator==(const CheckSpec&) const = default;
};
BOOST_DESCRIBE_STRUCT(CheckSpec, (), (name, url, query, at_most, at_least))

class CheckAnswers {
 public:
  virtual ~CheckAnswers() = default;
  /// The last answer; one that nobody has asked for yet is no data, and is asked for from now on.
  virtual rollout::Check answer(const CheckSpec& spec) = 0;
};

/// Where to ask.
std::string address_of(const CheckSpec& spec);
/// What an HTTP answer means. Not to be reached is not here: that is an error, and holds.
rollout::Check judge(const CheckSpec& spec, long status, std::string_view body, rollout::Time at);

}  // namespace suture::server
