#include "server/domain/rollouts/rollout_request.h"

#include <algorithm>
#include <cmath>

#include "base/strict_json.h"

namespace suture::server {
namespace {

constexpr json::Limits request_limits{.bytes = 1 << 20, .depth = 8, .values = 100'000};
constexpr std::int64_t longest = 366 * 24 * 3600;

Status read_seconds(json::Fields& fields, std::string_view name, rollout::Seconds& into) {
  if (fields.find(name) != nullptr) into = rollout::Seconds(TRY(fields.integer(name, 0, longest)));
  return {};
}

Status read_number(json::Fields& fields, std::string_view name, unsigned& into, std::int64_t least, std::int64_t most) {
  if (fields.find(name) != nullptr) into = static_cast<unsigned>(TRY(fields.integer(name, least, most)));
  return {};
}

Status read_flag(json::Fields& fields, std::string_view name, bool& into) {
  if (fields.find(name) != nullptr) into = TRY(fields.boolean(name));
  return {};
}

/// Names are shown on terminals, and are parts of addresses.
Result<std::string> read_name(json::Fields& fields, std::string_view name) {
  auto text = TRY(fields.string(name));
  const auto is_plain = [](unsigned char each) { return each >= ' ' && each < 0x7f; };
  if (text.empty() || text.size() > 100 || !std::ranges::all_of(text, is_plain))
    return fail("{}: is no name: 1 to 100 printable ASCII characters", fields.place(name));
  return text;
}

Result<Labels> read_where(json::Fields& fields, std::string_view name) {
  Labels labels;
  if (fields.find(name) == nullptr) return labels;
  auto members = TRY(fields.object(name));
  for (const auto& [label, value] : members.all()) {
    if (!value.is_string()) return fail("{}: is no string", members.place(label));
    labels[label] = value.as_string();
  }
  return labels;
}

Status read_gate(json::Fields fields, rollout::Gate& gate) {
  TRY(read_seconds(fields, "soak", gate.soak));
  TRY(read_number(fields, "success_percent", gate.success_percent, 0, 100));
  TRY(read_number(fields, "silent_percent", gate.silent_percent, 0, 100));
  TRY(read_number(fields, "failed_hosts", gate.failed_hosts, 0, 1'000'000));
  TRY(read_number(fields, "loaded_percent", gate.loaded_percent, 0, 100));
  TRY(read_flag(fields, "by_hand", gate.by_hand));
  if (fields.find("checks") != nullptr) {
    for (const auto& each : *TRY(fields.array("checks"))) {
      if (!each.is_string()) return fail("{}: holds something that is no string", fields.place("checks"));
      gate.checks.emplace_back(each.as_string());
    }
  }
  return fields.no_rest();
}

Result<RingRequest> read_ring(json::Fields fields) {
  RingRequest request;
  auto& ring = request.ring;
  ring.name = TRY(read_name(fields, "name"));
  request.where = TRY(read_where(fields, "where"));
  if (fields.find("hosts") != nullptr) {
    for (const auto& each : *TRY(fields.array("hosts"))) {
      if (!each.is_string()) return fail("{}: holds something that is no string", fields.place("hosts"));
      request.hosts.emplace_back(each.as_string());
    }
  }
  TRY(read_number(fields, "at_once", ring.at_once, 1, 1'000'000));
  TRY(read_seconds(fields, "pause", ring.pause));
  if (fields.find("gate") != nullptr) {
    auto gate = TRY(fields.object("gate"));
    TRY(read_gate(std::move(gate), ring.gate));
  }
  TRY(fields.no_rest());
  return request;
}

/// Fractions are not taken from strangers where something is signed: a number is a string, "0.05".
template <typename Number>
Status read_decimal(json::Fields& fields, std::string_view name, Number& into) {
  if (fields.find(name) == nullptr) return {};
  const auto text = TRY(fields.string(name));
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  if (text.empty() || end != text.c_str() + text.size() || !std::isfinite(number))
    return fail("{}: '{}' is no number", fields.place(name), text);
  into = number;
  return {};
}

Result<CheckSpec> read_check(json::Fields fields) {
  CheckSpec check;
  check.name = TRY(read_name(fields, "name"));
  check.url = TRY(fields.string("url"));
  while (check.url.ends_with('/')) check.url.pop_back();
  if (!check.url.starts_with("http://") && !check.url.starts_with("https://"))
    return fail("{}: is no http:// or https:// address", fields.place("url"));
  if (fields.find("query") != nullptr) check.query = TRY(fields.string("query"));
  TRY(read_decimal(fields, "at_most", check.at_most));
  TRY(read_decimal(fields, "at_least", check.at_least));
  if (check.query.empty() == (check.at_most || check.at_least))
    return fail("{}: a query needs at_most or at_least, and an address alone has neither", fields.place("query"));
  TRY(fields.no_rest());
  return check;
}

Result<rollout::Comparison> read_comparison(json::Fields fields) {
  rollout::Comparison comparison;
  const auto* readings = TRY(fields.array("readings"));
  for (std::size_t i = 0; i < readings->size(); ++i) {
    auto members = TRY(json::Fields::of((*readings)[i], fmt::format("{}[{}]", fields.place("readings"), i)));
    rollout::ComparedReading reading{.name = TRY(read_name(members, "name"))};
    TRY(read_decimal(members, "tolerated", reading.tolerated));
    TRY(members.no_rest());
    comparison.readings.push_back(std::move(reading));
  }
  if (fields.find("fewest") != nullptr)
    comparison.fewest = static_cast<std::size_t>(TRY(fields.integer("fewest", 2, 1'000'000)));
  TRY(read_decimal(fields, "false_alarm", comparison.false_alarm));
  TRY(read_flag(fields, "not_applicable_passes", comparison.not_applicable_passes));
  TRY(fields.no_rest());
  return comparison;
}

/// A gate that names a check that is not there would hold for ever; so would a comparison with nobody.
Status check_names(const RolloutRequest& request) {
  if (request.plan.comparison && request.holdback.empty())
    return fail("body.comparison: needs a holdback, which the ring's hosts are compared with");
  const auto has = [&](const std::string& name) {
    if (name == rollout::comparison_check) return request.plan.comparison.has_value();
    return std::ranges::find(request.checks, name, &CheckSpec::name) != request.checks.end();
  };
  for (const auto& check : request.checks)
    if (check.name == rollout::comparison_check)
      return fail("body.checks: '{}' is the name of the comparison with untreated hosts", check.name);
  for (const auto& ring : request.rings)
    for (const auto& name : ring.ring.gate.checks)
      if (!has(name))
        return fail("ring {}: its gate asks for the check '{}', which the rollout does not have", ring.ring.name, name);
  return {};
}

/// Where it goes: to a level, or to a release of the agent.
Status read_aim(json::Fields& fields, RolloutRequest& request) {
  const bool is_of_agent = fields.find("agent") != nullptr;
  if (is_of_agent == (fields.find("level") != nullptr)) return fail("body: needs either level or agent, and not both");
  if (is_of_agent) {
    request.agent = TRY(read_name(fields, "agent"));
    if (fields.find("takes_back") != nullptr)
      return fail("{}: is of levels; an agent goes back where its rollout is aborted", fields.place("takes_back"));
    if (fields.find("may_reboot") != nullptr)
      return fail("{}: no reboot takes an agent back", fields.place("may_reboot"));
    return {};
  }
  auto& level = request.plan.level;
  level = static_cast<rollout::Level>(TRY(fields.integer("level", 0, 0xffff'ffff)));
  if (fields.find("takes_back") != nullptr)
    request.takes_back = static_cast<rollout::Level>(TRY(fields.integer("takes_back", 1, 0xffff'ffff)));
  if (level == 0 && request.takes_back == 0)
    return fail("{}: 0 is where a level is taken back to: takes_back names it", fields.place("level"));
  if (request.takes_back != 0 && request.takes_back <= level)
    return fail("{}: {} is not above level {}", fields.place("takes_back"), request.takes_back, level);
  return {};
}

}  // namespace

Result<RolloutRequest> read_rollout_request(std::string_view body) {
  const auto value = TRY(json::parse_strict(body, "body", request_limits));
  auto fields = TRY(json::Fields::of(value, "body"));
  RolloutRequest request;
  auto& plan = request.plan;
  request.name = TRY(read_name(fields, "name"));
  TRY(read_aim(fields, request));
  const auto* rings = TRY(fields.array("rings"));
  for (std::size_t i = 0; i < rings->size(); ++i) {
    auto members = TRY(json::Fields::of((*rings)[i], fmt::format("body.rings[{}]", i)));
    auto ring = TRY(read_ring(std::move(members)));
    request.rings.push_back(std::move(ring));
  }
  request.holdback = TRY(read_where(fields, "holdback"));
  if (fields.find("comparison") != nullptr) {
    auto members = TRY(fields.object("comparison"));
    plan.comparison = TRY(read_comparison(std::move(members)));
  }
  TRY(read_seconds(fields, "poll", plan.poll));
  TRY(read_seconds(fields, "transition", plan.transition));
  TRY(read_seconds(fields, "silence", plan.silence));
  TRY(read_number(fields, "back_at_once", plan.back_at_once, 1, 1'000'000));
  TRY(read_number(fields, "back_failed_hosts", plan.back_failed_hosts, 0, 1'000'000));
  TRY(read_seconds(fields, "drill", plan.drill));
  TRY(read_flag(fields, "may_reboot", plan.may_reboot));
  if (fields.find("emergency") != nullptr) request.emergency = TRY(read_name(fields, "emergency"));
  if (fields.find("approvals") != nullptr) request.approvals = TRY(fields.integer("approvals", 0, 100));
  if (fields.find("checks") != nullptr) {
    const auto* checks = TRY(fields.array("checks"));
    for (std::size_t i = 0; i < checks->size(); ++i) {
      auto members = TRY(json::Fields::of((*checks)[i], fmt::format("body.checks[{}]", i)));
      auto check = TRY(read_check(std::move(members)));
      request.checks.push_back(std::move(check));
    }
  }
  TRY(fields.no_rest());
  TRY(check_names(request));
  return request;
}

}  // namespace suture::server
