#include "host/hooks/hooks.h"

#include <algorithm>
#include <set>

#include "base/numbers.h"
#include "base/words.h"
#include "host/hooks/probe_events.h"
#include "host/livepatch/live_patches.h"

namespace suture::host {
namespace {

struct Place {
  std::string function;
  std::string module = "vmlinux";
};

// "f+0x12" or "f.isra.0+0x12" is a place in f or its variant; names are compared without "+…".
std::string_view function_of(std::string_view symbol) { return symbol.substr(0, symbol.find('+')); }

std::optional<std::uint64_t> offset_of(std::string_view symbol) {
  const auto plus = symbol.find("+0x");
  return plus == std::string_view::npos ? std::nullopt : to_number<std::uint64_t>(symbol.substr(plus + 3), 16);
}

/// "f" or "f [module]".
std::optional<Place> place_in(std::string_view names) {
  const auto words = words_of(names);
  if (words.empty()) return std::nullopt;
  Place place;
  place.function = words[0];
  if (words.size() > 1) place.module = words[1].substr(1, words[1].find(']') - 1);
  return place;
}

class Finder {
 public:
  Finder(const Root& root, const std::vector<std::string>& functions)
      : root_(root), wanted_(functions.begin(), functions.end()) {
    const auto patches = live_patches(root);
    if (!patches) return;
    for (const auto& patch : *patches) {
      for (const auto& object : patch.objects) {
        for (const auto& function : object.functions) patched_.insert(object.name + ":" + function.name);
      }
    }
  }

  void look(const Known<std::vector<BpfAttachment>>& bpf) {
    kprobes();
    enabled_functions();
    touched_functions();
    programs(bpf);
  }
  Hooks take() { return std::move(hooks_); }

 private:
  bool is_wanted(std::string_view function) const { return wanted_.empty() || wanted_.contains(std::string(function)); }
  bool is_live_patched(const Place& place) const { return patched_.contains(place.module + ":" + place.function); }
  void add(HookKind kind, HookEffect effect, const Place& place, std::string detail) {
    Hook hook;
    hook.kind = kind;
    hook.effect = effect;
    hook.function = place.function;
    hook.module = place.module;
    hook.detail = std::move(detail);
    hooks_.found.push_back(std::move(hook));
  }

  // tracefs has a place of its own since 4.1; older set-ups look at it through debugfs.
  std::optional<std::string> tracing(std::string_view file) {
    Known<std::string> text;
    for (const auto* directory : {"/sys/kernel/tracing/", "/sys/kernel/debug/tracing/"}) {
      text = root_.text(directory + std::string(file), std::size_t{64} << 20);
      if (text) return *text;
    }
    hooks_.unknown.push_back(text.why());
    return std::nullopt;
  }

  // "ffffffff81234567  k  do_sys_open+0x0    [FTRACE]", with a module's name before the flags, or
  // "ffff…  k  0xffff…" if there is no symbol (kernel/kprobes.c, report_probe()).
  void kprobes() {
    const auto events = parse_probe_events(tracing("kprobe_events").value_or(""));
    const auto text = root_.text("/sys/kernel/debug/kprobes/list", std::size_t{64} << 20);
    if (!text) {
      hooks_.unknown.push_back(text.error().describe());
      return;
    }
    for (const auto line : lines_of(*text)) {
      const auto words = words_of(line);
      if (words.size() < 3 || !is_wanted(function_of(words[2]))) continue;
      Place place;
      place.function = function_of(words[2]);
      if (words.size() > 3 && !words[3].starts_with('[')) place.module = words[3];
      const bool at_entry = line.find("[FTRACE]") != std::string_view::npos;
      const bool gone = line.find("[GONE]") != std::string_view::npos;
      if (gone) continue;
      const bool returns = words[1] == "r";
      auto detail = fmt::format("at {}, {}", words[2], at_entry ? "through ftrace" : "inside the function");
      const auto offset = offset_of(words[2]);
      for (const auto& event : events) {
        const bool same_place = event.offset == 0 ? at_entry : event.offset == offset;
        if (event.function == place.function && event.returns == returns && same_place) detail += ", for " + event.name;
      }
      add(returns ? HookKind::kretprobe : HookKind::kprobe, at_entry ? HookEffect::shared : HookEffect::silenced, place,
          std::move(detail));
    }
  }

  // "f [module] (2) R I D\ttramp: … ->…" and behind it perhaps "\tdirect-->bpf_trampoline_…"
  // (kernel/trace/ftrace.c, t_show()).
  void enabled_functions() {
    const auto text = tracing("enabled_functions");
    if (!text) return;
    Place place;
    bool wanted = false;
    for (const auto line : lines_of(*text)) {
      if (const auto direct = line.find("direct-->"); direct != std::string_view::npos) {
        if (wanted) add(HookKind::direct, HookEffect::shared, place, std::string(line.substr(direct + 9)));
        continue;
      }
      wanted = false;
      const auto open = line.find(" (");
      if (open == std::string_view::npos || line.starts_with('#')) continue;
      const auto found = place_in(line.substr(0, open));
      if (!found || !is_wanted(found->function)) continue;
      wanted = true;
      place = *found;
      entry(place, line.substr(open + 1));
    }
  }

  void entry(const Place& place, std::string_view rest) {
    const auto flags = rest.substr(0, rest.find('\t'));
    const bool redirected = flags.find(" I") != std::string_view::npos;
    if (redirected && is_live_patched(place)) return;
    if (redirected) {
      add(HookKind::redirected, HookEffect::refused, place, callback(rest));
    } else if (flags.find(" D") == std::string_view::npos) {
      add(HookKind::tracer, HookEffect::shared, place, callback(rest));
    }
  }

  // " ->kprobe_ftrace_handler+0x0/0x1c0" or "tramp: … (kprobe_ftrace_handler+0x0/0x1c0)".
  static std::string callback(std::string_view text) {
    if (const auto arrow = text.find("->"); arrow != std::string_view::npos) return std::string(text.substr(arrow + 2));
    if (const auto open = text.rfind('('); open != std::string_view::npos && open > 0)
      return std::string(text.substr(open + 1, text.rfind(')') - open - 1));
    return "more than one";
  }

  // Only 6.11 and later have it; there, functions once redirected by somebody who has gone.
  void touched_functions() {
    if (!root_.has("/sys/kernel/tracing/touched_functions")) return;
    const auto text = tracing("touched_functions");
    if (!text) return;
    for (const auto line : lines_of(*text)) {
      const auto open = line.find(" (0)");
      if (open == std::string_view::npos) continue;
      const auto place = place_in(line.substr(0, open));
      if (!place || !is_wanted(place->function) || line.find(" M ") == std::string_view::npos) continue;
      add(HookKind::touched, HookEffect::shared, *place, "was redirected or given a trampoline since boot");
    }
  }

  void programs(const Known<std::vector<BpfAttachment>>& bpf) {
    if (!bpf) {
      hooks_.unknown.push_back(bpf.why());
      return;
    }
    for (const auto& attachment : *bpf) {
      if (attachment.function.empty()) {
        hooks_.unknown.push_back(
            fmt::format("what BPF program {} (id {}) is attached to", attachment.program, attachment.program_id));
        continue;
      }
      if (!is_wanted(attachment.function)) continue;
      Place place;
      place.function = attachment.function;
      place.module = attachment.object;
      add(HookKind::bpf, HookEffect::shared, place,
          fmt::format("{} by BPF program {} (id {})", attachment.how, attachment.program, attachment.program_id));
    }
  }

  const Root& root_;
  std::set<std::string> wanted_;
  std::set<std::string> patched_;
  Hooks hooks_;
};

}  // namespace

Hooks find_hooks(const Root& root, const std::vector<std::string>& functions,
                 const Known<std::vector<BpfAttachment>>& bpf) {
  Finder finder(root, functions);
  finder.look(bpf);
  return finder.take();
}

}  // namespace suture::host
