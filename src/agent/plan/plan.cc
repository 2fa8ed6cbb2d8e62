#include "agent/plan/plan.h"

#include "base/strict_json.h"

namespace suture::agent {
namespace {

Result<StepSpec> read_step(const boost::json::value& json, const std::string& place) {
  auto fields = TRY(json::Fields::of(json, place));
  StepSpec step;
  step.kind = TRY(fields.string("kind"));
  auto parameters = TRY(fields.object("parameters"));
  for (const auto& [name, value] : parameters.all()) {
    auto text = TRY(parameters.string(name));
    step.parameters.emplace(name, std::move(text));
  }
  TRY(fields.no_rest());
  return step;
}

}  // namespace

bool is_for_another_kernel(const Plan& plan, std::string_view running) {
  return !plan.kernel.empty() && !running.empty() && plan.kernel != running;
}

std::string to_text(const Plan& plan) {
  boost::json::array steps;
  for (const auto& step : plan.steps) {
    boost::json::object parameters;
    for (const auto& [name, value] : step.parameters) parameters.emplace(name, value);
    boost::json::object one;
    one.emplace("kind", step.kind);
    one.emplace("parameters", std::move(parameters));
    steps.emplace_back(std::move(one));
  }
  boost::json::object all;
  all.emplace("id", plan.id);
  all.emplace("subject", plan.subject);
  all.emplace("kernel", plan.kernel);
  all.emplace("steps", std::move(steps));
  return boost::json::serialize(all);
}

Result<Plan> read_plan(std::string_view text, std::string_view name) {
  const auto json = TRY(json::parse_strict(text, name));
  auto fields = TRY(json::Fields::of(json, std::string(name)));
  Plan plan;
  plan.id = TRY(fields.string("id"));
  plan.subject = TRY(fields.string("subject"));
  plan.kernel = TRY(fields.string("kernel"));
  const auto* steps = TRY(fields.array("steps"));
  for (const auto& each : *steps) {
    auto step = TRY(read_step(each, fields.place("steps") + "[" + std::to_string(plan.steps.size()) + "]"));
    plan.steps.push_back(std::move(step));
  }
  TRY(fields.no_rest());
  return plan;
}

}  // namespace suture::agent
