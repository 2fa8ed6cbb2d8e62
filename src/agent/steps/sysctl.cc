#include "host/system/sysctl.h"
#include "agent/steps/parameters.h"
#include "agent/steps/steps.h"

namespace suture::agent {
namespace {

class Sysctl : public Step {
 public:
  Sysctl(const host::Root& root, std::string name, std::string value)
      : root_(root), name_(std::move(name)), value_(std::move(value)) {}

  std::string key() const override { return "sysctl " + name_; }
  std::string describe() const override { return fmt::format("sysctl {}={}", name_, value_); }
  Undo undo() const override { return Undo::yes; }
  Result<std::string> observe() override { return host::read_sysctl(root_, name_); }
  bool is_done(const std::string& now, const std::string&) const override { return host::equal_sysctl(now, value_); }
  Status apply() override { return host::write_sysctl(root_, name_, value_); }
  Status restore(const std::string& earlier) override { return host::write_sysctl(root_, name_, earlier); }

 private:
  const host::Root& root_;
  std::string name_, value_;
};

}  // namespace

Result<std::unique_ptr<Step>> make_sysctl_step(const StepSpec& spec, const host::Root& root) {
  Parameters parameters(spec);
  auto name = TRY(parameters.get("name"));
  auto value = TRY(parameters.get("value"));
  TRY(parameters.no_rest());
  TRY(host::sysctl_path(name));
  return std::make_unique<Sysctl>(root, std::move(name), std::move(value));
}

}  // namespace suture::agent
