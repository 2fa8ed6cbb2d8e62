#include "agent/steps/parameters.h"
#include "agent/steps/steps.h"
#include "base/process.h"
#include "host/module/load.h"
#include "host/module/loaded.h"
#include "host/module/name.h"

namespace suture::agent {
namespace {

constexpr std::chrono::seconds modprobe_patience{60};

// modprobe(8) knows the module's file, what it needs, and how it is configured.
Status modprobe(const std::string& name) {
  TRY(run_checked({.argv = {"modprobe", "--", name}, .timeout = modprobe_patience}));
  return {};
}

Status unload(const std::string& name) {
  const auto unloading = TRY(host::unload_module(name));
  if (unloading == host::Unloading::in_use) return fail("module {} is in use", name);
  return {};
}

class Presence : public Step {
 public:
  Presence(const host::Root& root, std::string name, bool wanted)
      : root_(root), name_(std::move(name)), wanted_(wanted) {}

  std::string key() const override { return "module " + name_; }
  std::string describe() const override { return fmt::format("{} module {}", wanted_ ? "load" : "unload", name_); }
  // What a module was told since it was loaded is gone once it is unloaded.
  Undo undo() const override { return wanted_ ? Undo::yes : Undo::best_effort; }
  Result<std::string> observe() override { return host::is_loaded(root_, name_) ? "loaded" : "absent"; }
  bool is_done(const std::string& now, const std::string&) const override {
    return now == (wanted_ ? "loaded" : "absent");
  }
  Status apply() override { return wanted_ ? modprobe(name_) : unload(name_); }
  Status restore(const std::string& earlier) override { return earlier == "loaded" ? modprobe(name_) : unload(name_); }

 private:
  const host::Root& root_;
  std::string name_;
  bool wanted_;
};

class Block : public Step {
 public:
  Block(const host::Root& root, std::string name) : root_(root), name_(std::move(name)) {}

  std::string key() const override { return "block " + name_; }
  std::string describe() const override { return fmt::format("block module {}", name_); }
  Undo undo() const override { return Undo::yes; }
  Result<std::string> observe() override {
    const auto blocked = TRY(host::is_blocked(root_, name_));
    return blocked ? "blocked" : "open";
  }
  bool is_done(const std::string& now, const std::string&) const override { return now == "blocked"; }
  Status apply() override { return host::block_module(root_, name_); }
  Status restore(const std::string&) override { return host::unblock_module(root_, name_); }

 private:
  const host::Root& root_;
  std::string name_;
};

}  // namespace

Result<std::unique_ptr<Step>> make_module_step(const StepSpec& spec, const host::Root& root) {
  Parameters parameters(spec);
  auto name = TRY(parameters.get("name"));
  const auto action = TRY(parameters.get("action"));
  TRY(parameters.no_rest());
  TRY(host::check_module_name(name));
  if (action == "load" || action == "unload")
    return std::make_unique<Presence>(root, std::move(name), action == "load");
  if (action == "block") return std::make_unique<Block>(root, std::move(name));
  return fail("step 'module' cannot '{}' a module: it can load, unload and block", action);
}

}  // namespace suture::agent
