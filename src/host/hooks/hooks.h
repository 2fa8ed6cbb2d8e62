// Who else hooks functions: kprobes, ftrace, other code redirections, BPF programs; and what a live patch of
// such a function means for them, on kernels from 6.1 on, x86-64.
//
// Livepatch redirects a function at its entry. What watches the entry through ftrace goes on working: the
// function tracer, kprobes that are based on ftrace, and BPF trampolines, which can share it since 6.0. A
// kprobe inside the function is never reached while it is patched, and nobody tells its owner. Somebody
// else who redirects the function (FTRACE_OPS_FL_IPMODIFY: a kprobe with a post handler, another patching
// system) makes the kernel refuse the live patch.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "host/hooks/bpf.h"
#include "host/known.h"
#include "host/root.h"

namespace suture::host {

BOOST_DEFINE_ENUM_CLASS(HookKind,
                        kprobe,      // at the entry or inside
                        kretprobe,   // when the function returns
                        tracer,      // ftrace calls something at the entry
                        redirected,  // something other than livepatch redirects it
                        direct,      // a trampoline is called at the entry: BPF, mostly
                        bpf,         // which BPF program that is
                        touched      // something redirected or called a trampoline once (6.11 on)
)

BOOST_DEFINE_ENUM_CLASS(HookEffect,
                        shared,    // works beside a live patch
                        silenced,  // is not reached while the function is patched
                        refused    // the kernel will refuse to patch the function
)

struct Hook {
  HookKind kind = HookKind::kprobe;
  HookEffect effect = HookEffect::shared;
  std::string function;
  std::string module;  ///< "vmlinux", or the module's name
  std::string detail;  ///< who, as far as the kernel tells: "fentry by BPF program probe_exec (id 12)"
};
BOOST_DESCRIBE_STRUCT(Hook, (), (kind, effect, function, module, detail))

struct Hooks {
  std::vector<Hook> found;
  std::vector<std::string> unknown;  ///< what could not be looked at, and why; empty: nothing was missed
};
BOOST_DESCRIBE_STRUCT(Hooks, (), (found, unknown))

/// Hooks on the named functions, of vmlinux and of modules alike; on all if none is named. What livepatch
/// itself does is left out. Tracefs and debugfs must be mounted, or the result says what is unknown.
Hooks find_hooks(const Root& root, const std::vector<std::string>& functions,
                 const Known<std::vector<BpfAttachment>>& bpf);

}  // namespace suture::host
