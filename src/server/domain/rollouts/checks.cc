#include "server/domain/rollouts/checks.h"

#include <cmath>

#include "base/json.h"
#include "base/numbers.h"

namespace suture::server {
namespace {

using rollout::Answer;

/// As a query's value has to stand in an address.
std::string encoded(std::string_view text) {
  std::string made;
  for (const auto each : text) {
    const auto byte = static_cast<unsigned char>(each);
    made += std::isalnum(byte) != 0 || each == '-' || each == '_' || each == '.' ? std::string(1, each)
                                                                                 : fmt::format("%{:02X}", byte);
  }
  return made;
}

/// The values of an instant query (https://prometheus.io/docs/prometheus/latest/querying/api/): of each series, or of a
/// scalar. Nothing if the answer is in another language.
std::optional<std::vector<double>> values_of(const boost::json::value& answer) {
  const auto number = [](const boost::json::value& sample) -> std::optional<double> {
    const auto* pair = sample.if_array();
    if (pair == nullptr || pair->size() != 2 || !(*pair)[1].is_string()) return std::nullopt;
    const std::string text((*pair)[1].as_string());
    char* end = nullptr;
    const auto value = std::strtod(text.c_str(), &end);
    return end == text.c_str() + text.size() && end != text.c_str() ? std::optional(value) : std::nullopt;
  };
  const auto* object = answer.if_object();
  const auto* data = object == nullptr ? nullptr : object->if_contains("data");
  const auto* members = data == nullptr ? nullptr : data->if_object();
  const auto* result = members == nullptr ? nullptr : members->if_contains("result");
  const auto* list = result == nullptr ? nullptr : result->if_array();
  if (list == nullptr) return std::nullopt;
  std::vector<double> values;
  const auto add = [&](const boost::json::value& sample) {
    const auto value = number(sample);
    if (value) values.push_back(*value);
    return value.has_value();
  };
  if (members->contains("resultType") && members->at("resultType") == "scalar")
    return add(*result) ? std::optional(values) : std::nullopt;
  for (const auto& series : *list) {
    const auto* sample = series.is_object() ? series.as_object().if_contains("value") : nullptr;
    if (sample == nullptr || !add(*sample)) return std::nullopt;
  }
  return values;
}

rollout::Check judge_query(const CheckSpec& spec, std::string_view body, rollout::Time at) {
  const auto parsed = json::parse(body, spec.name);
  const auto values = parsed ? values_of(*parsed) : std::nullopt;
  if (!values) return {at, Answer::error, "Prometheus answers in another language"};
  if (values->empty()) return {at, Answer::no_data, "the query gives nothing"};
  for (const auto value : *values) {
    if (std::isnan(value)) return {at, Answer::no_data, "the query gives no number"};
    if (spec.at_most && value > *spec.at_most)
      return {at, Answer::breach, fmt::format("{} is above {}", value, *spec.at_most)};
    if (spec.at_least && value < *spec.at_least)
      return {at, Answer::breach, fmt::format("{} is below {}", value, *spec.at_least)};
  }
  return {at, Answer::pass, {}};
}

}  // namespace

std::string address_of(const CheckSpec& spec) {
  if (spec.query.empty()) return spec.url;
  return fmt::format("{}/api/v1/query?query={}", spec.url, encoded(spec.query));
}

rollout::Check judge(const CheckSpec& spec, long status, std::string_view body, rollout::Time at) {
  const bool good = status >= 200 && status < 300;
  if (!spec.query.empty()) {
    if (!good) return {at, Answer::error, fmt::format("Prometheus answers {}", status)};
    return judge_query(spec, body, at);
  }
  if (!good) return {at, Answer::breach, fmt::format("{} answers {}", spec.url, status)};
  return {at, Answer::pass, {}};
}

}  // namespace suture::server
