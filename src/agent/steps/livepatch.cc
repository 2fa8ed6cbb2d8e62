// The live patch of this kernel that is ours: which one it is.
//
// Its state is the name of the live patch in force, or "none". Loading and disabling only begin a transition;
// is_settled() sees it through, and then unloads the module that is no longer in force, so that it may be
// loaded again. On the way back by "disable-and-load", the state is "none" for a while.
#include <algorithm>
#include <array>

#include "agent/steps/blocking.h"
#include "agent/steps/parameters.h"
#include "agent/steps/steps.h"
#include "base/digest.h"
#include "base/words.h"
#include "host/livepatch/live_patches.h"
#include "host/module/load.h"
#include "host/module/loaded.h"
#include "host/module/name.h"

namespace suture::agent {
namespace {

struct Module {
  std::string name, file, sha256;
  bool is_none() const { return name == no_live_patch; }
};

class LivePatch : public Step {
 public:
  LivePatch(const host::Root& root, Module to, Module from, std::string back, std::vector<std::string> functions)
      : root_(root),
        to_(std::move(to)),
        from_(std::move(from)),
        back_(std::move(back)),
        functions_(std::move(functions)) {}

  std::string key() const override { return "livepatch"; }
  std::string describe() const override {
    return to_.is_none()
               ? fmt::format("disable live patch {}", from_.name)
               : fmt::format("live patch {}{}", to_.name, from_.is_none() ? "" : " in place of " + from_.name);
  }
  Undo undo() const override { return back_ == "reboot" ? Undo::no : Undo::yes; }
  bool is_reapplied_at_boot() const override { return !to_.is_none(); }
  std::vector<std::string> symbols() const override {
    auto names = functions_;
    if (!to_.is_none()) names.push_back(to_.name);
    return names;
  }

  Result<std::string> observe() override {
    for (const auto* each : {&to_, &from_})
      if (!each->is_none() && TRY(is_enabled(each->name))) return each->name;
    return std::string(no_live_patch);
  }
  bool is_done(const std::string& now, const std::string&) const override { return now == to_.name; }
  bool is_halfway_back(const std::string& now, const std::string&) const override {
    return back_ == "disable-and-load" && now == no_live_patch;
  }

  Status apply() override { return to_.is_none() ? host::disable(root_, from_.name) : load(to_); }

  Status restore(const std::string& earlier) override {
    if (earlier != no_live_patch && earlier != from_.name)
      return fail("live patch {} is not known to this step", earlier);
    if (earlier == no_live_patch) return host::disable(root_, to_.name);
    // A transition that is under way is turned back: what it would have replaced is still there.
    if (!to_.is_none() && host::has_live_patch(root_, to_.name) && TRY(host::live_patch(root_, to_.name)).transition)
      return host::disable(root_, to_.name);
    if (to_.is_none() || back_ == "replace") return load(from_);
    if (back_ != "disable-and-load") return fail("there is no proven way from {} back to {}", to_.name, earlier);
    load_after_ = true;
    if (host::has_live_patch(root_, to_.name)) return host::disable(root_, to_.name);
    return {};
  }

  Result<bool> is_settled() override {
    int there = 0;
    for (const auto* each : {&to_, &from_}) {
      if (each->is_none()) continue;
      if (host::has_live_patch(root_, each->name)) {
        // It may leave between the two looks: then the next call sees that.
        const auto state = host::live_patch(root_, each->name);
        if (!state || state->transition || !state->enabled) return false;
        ++there;
      } else if (host::is_loaded(root_, each->name)) {
        if (TRY(host::unload_module(each->name)) == host::Unloading::in_use) return false;
      }
    }
    // One that was replaced is enabled until the transition ends, which may be after it was looked at and before the
    // other one was; then it leaves, and its module can go.
    if (there > 1) return false;
    if (!load_after_) return true;
    load_after_ = false;
    TRY(load(from_));
    return false;
  }

  std::vector<BlockingTask> blocking() override {
    std::vector<BlockingTask> tasks;
    for (const auto* each : {&to_, &from_}) {
      if (each->is_none()) continue;
      const auto state = host::live_patch(root_, each->name);
      if (!state) continue;
      const auto these = tasks_that_block(root_, *state);
      tasks.insert(tasks.end(), these.begin(), these.end());
    }
    return tasks;
  }

 private:
  Result<bool> is_enabled(const std::string& name) const {
    if (!host::has_live_patch(root_, name)) return false;
    const auto state = host::live_patch(root_, name);
    if (state) return state->enabled;
    if (!host::has_live_patch(root_, name)) return false;  // it left meanwhile
    return fail(state.error());
  }

  // The file is compared with its digest, and those very bytes are loaded.
  Status load(const Module& module) const {
    if (host::has_live_patch(root_, module.name)) return fail("live patch {} is there already", module.name);
    if (host::is_loaded(root_, module.name)) {
      const auto unloading = TRY(host::unload_module(module.name));
      if (unloading == host::Unloading::in_use) return fail("module {} is loaded already, and in use", module.name);
    }
    const auto bytes = TRY(read_file(module.file));
    if (const auto digest = sha256_hex(bytes); digest != module.sha256)
      return fail("{}: is not the file that was verified: its SHA-256 is {}, and was {}", module.file, digest,
                  module.sha256);
    return host::load_module(bytes, module.file);
  }

  const host::Root& root_;
  Module to_, from_;
  std::string back_;
  std::vector<std::string> functions_;
  bool load_after_ = false;
};

Status check(const Module& module) {
  if (module.is_none()) return {};
  TRY(host::check_module_name(module.name));
  if (module.file.empty() || module.sha256.size() != 64)
    return fail("step 'livepatch' needs file and SHA-256 of {}", module.name);
  return {};
}

}  // namespace

Result<std::unique_ptr<Step>> make_livepatch_step(const StepSpec& spec, const host::Root& root) {
  Parameters parameters(spec);
  Module to, from;
  to.name = TRY(parameters.get("to"));
  from.name = TRY(parameters.get("from"));
  to.file = parameters.find("file");
  to.sha256 = parameters.find("sha256");
  from.file = parameters.find("from_file");
  from.sha256 = parameters.find("from_sha256");
  auto back = TRY(parameters.get("back"));
  const auto functions = parameters.find("functions");
  // For others: what is in force, and what must be loaded for it.
  parameters.find("level");
  parameters.find("objects");
  TRY(parameters.no_rest());
  TRY(check(to));
  TRY(check(from));
  if (to.name == from.name) return fail("step 'livepatch' goes from {} to itself", to.name);
  constexpr std::array<std::string_view, 5> ways{"replace", "disable", "disable-and-load", "load", "reboot"};
  if (std::find(ways.begin(), ways.end(), back) == ways.end()) return fail("step 'livepatch' knows no way '{}'", back);
  std::vector<std::string> names;
  for (const auto word : words_of(functions)) names.emplace_back(word);
  return std::make_unique<LivePatch>(root, std::move(to), std::move(from), std::move(back), std::move(names));
}

}  // namespace suture::agent
