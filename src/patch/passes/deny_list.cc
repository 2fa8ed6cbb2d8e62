#include "patch/passes/deny_list.h"

#include <algorithm>
#include <array>

namespace suture::patch {
namespace {

struct Denied {
  std::string_view prefix;
  std::string_view reason;
};

// Whole files: what ftrace's handler for a live patch runs (kernel/livepatch/patch.c,
// klp_ftrace_handler), and what decides whether a task may switch (kernel/livepatch/transition.c,
// klp_check_stack).
constexpr std::array sources{
    Denied{"kernel/livepatch/", "livepatch itself runs it while it switches tasks"},
    Denied{"kernel/trace/ftrace.c", "ftrace runs it to redirect functions"},
    Denied{"kernel/trace/trace_recursion_record.c", "ftrace runs it on the way to a replaced function"},
    Denied{"arch/x86/kernel/ftrace", "ftrace runs it to redirect functions"},
    Denied{"arch/x86/kernel/unwind_", "livepatch relies on the unwinder to tell which functions sleep on a stack"},
    Denied{"arch/x86/kernel/stacktrace.c", "livepatch relies on it to tell which functions sleep on a stack"},
    Denied{"kernel/stacktrace.c", "livepatch relies on it to tell which functions sleep on a stack"},
    Denied{"arch/x86/kernel/alternative.c", "it writes kernel text, which loading a live patch needs"},
};

constexpr std::array functions{
    Denied{"klp_", "livepatch itself runs it while it switches tasks"},
    Denied{"ftrace_", "ftrace runs it to redirect functions"},
    Denied{"unwind_next_frame", "livepatch relies on the unwinder to tell which functions sleep on a stack"},
    Denied{"arch_stack_walk_reliable", "livepatch relies on it to tell which functions sleep on a stack"},
    Denied{"stack_trace_save_tsk_reliable", "livepatch relies on it to tell which functions sleep on a stack"},
    Denied{"text_poke", "it writes kernel text, which loading a live patch needs"},
    Denied{"rcu_is_watching", "ftrace asks it on the way to a replaced function"},
};

}  // namespace

std::string_view denied(std::string_view source, std::string_view function) {
  for (const auto& entry : sources) {
    if (source.starts_with(entry.prefix)) return entry.reason;
  }
  for (const auto& entry : functions) {
    if (function.starts_with(entry.prefix)) return entry.reason;
  }
  return {};
}

}  // namespace suture::patch
