// Every kind of step there is.
#pragma once

#include "agent/plan/step.h"
#include "host/root.h"

namespace suture::agent {

/// What a step of kind "livepatch" goes to where no live patch is to be in force.
constexpr std::string_view no_live_patch = "none";

/// Makes a step that acts on `root`, which must live as long.
Result<std::unique_ptr<Step>> make_step(const StepSpec& spec, const host::Root& root);

/// name, value: sets a kernel setting, as sysctl(8).
Result<std::unique_ptr<Step>> make_sysctl_step(const StepSpec& spec, const host::Root& root);

/// name, action: "load" or "unload" a module, or "block" its loading by modprobe.
Result<std::unique_ptr<Step>> make_module_step(const StepSpec& spec, const host::Root& root);

/// unit, action: "restart" it, or "check" that it is active.
Result<std::unique_ptr<Step>> make_service_step(const StepSpec& spec);

/// to, from: names of live patches as in /sys/kernel/livepatch, or "none". `to` replaces `from`; `to` none
/// disables `from`. file, sha256: the module of `to`. from_file, from_sha256: the module of `from`.
/// back: how `from` comes back: "replace", "disable" (`from` is none), "disable-and-load", "load" (`to` is
/// none), or "reboot". functions: the patched ones, with spaces between.
Result<std::unique_ptr<Step>> make_livepatch_step(const StepSpec& spec, const host::Root& root);

}  // namespace suture::agent
