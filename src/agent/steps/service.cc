#include "host/system/service.h"
#include "agent/steps/parameters.h"
#include "agent/steps/steps.h"

namespace suture::agent {
namespace {

constexpr std::chrono::seconds service_patience{90};

Result<std::string> look_at(const std::string& unit) {
  const auto state = TRY(host::service_state(unit));
  if (state.load != "loaded") return fail("{}: is {}", unit, state.load);
  return state.active == "active" ? fmt::format("active, process {}", state.main_pid) : state.active;
}

class Restart : public Step {
 public:
  explicit Restart(std::string unit) : unit_(std::move(unit)) {}

  std::string key() const override { return "service " + unit_; }
  std::string describe() const override { return "restart " + unit_; }
  Undo undo() const override { return Undo::best_effort; }
  bool is_reapplied_at_boot() const override { return false; }
  Result<std::string> observe() override { return look_at(unit_); }
  bool is_done(const std::string& now, const std::string& earlier) const override {
    return now.starts_with("active") && now != earlier;
  }
  Status apply() override { return host::restart_service(unit_, service_patience); }
  // The process that ran before does not come back; the service goes on.
  bool restores_nothing() const override { return true; }
  Status restore(const std::string&) override { return {}; }

 private:
  std::string unit_;
};

class Check : public Step {
 public:
  explicit Check(std::string unit) : unit_(std::move(unit)) {}

  std::string key() const override { return "check " + unit_; }
  std::string describe() const override { return fmt::format("check that {} is active", unit_); }
  Undo undo() const override { return Undo::yes; }
  bool is_reapplied_at_boot() const override { return false; }
  Result<std::string> observe() override {
    const auto state = TRY(host::service_state(unit_));
    return state.active;
  }
  bool is_done(const std::string& now, const std::string&) const override { return now == "active"; }
  Status apply() override { return fail("{} is not active", unit_); }
  bool restores_nothing() const override { return true; }
  Status restore(const std::string&) override { return {}; }

 private:
  std::string unit_;
};

}  // namespace

Result<std::unique_ptr<Step>> make_service_step(const StepSpec& spec) {
  Parameters parameters(spec);
  auto unit = TRY(parameters.get("unit"));
  const auto action = TRY(parameters.get("action"));
  TRY(parameters.no_rest());
  TRY(host::check_unit_name(unit));
  if (action == "restart") return std::make_unique<Restart>(std::move(unit));
  if (action == "check") return std::make_unique<Check>(std::move(unit));
  return fail("step 'service' cannot '{}' a service: it can restart and check", action);
}

}  // namespace suture::agent
