#include "host/livepatch/foreign.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "base/words.h"
#include "host/module/name.h"

namespace suture::host {
namespace {

struct Naming {
  std::string_view begins;
  LivePatchMaker maker;
};

// kpatch's own default is "livepatch-NAME", Red Hat and Amazon name them "kpatch_…"; SUSE "klp_…" and
// "livepatch_N_…"; Canonical "lkp_Ubuntu_…" and before "kpatch_livepatch_Ubuntu_…". KernelCare and
// Ksplice do not use the kernel's livepatch.
constexpr std::array<Naming, 8> namings{{{"lkp_Ubuntu", LivePatchMaker::canonical},
                                         {"kpatch_livepatch_Ubuntu", LivePatchMaker::canonical},
                                         {"kpatch", LivePatchMaker::kpatch},
                                         {"klp_", LivePatchMaker::suse},
                                         {"livepatch_", LivePatchMaker::kpatch},
                                         {"kcare", LivePatchMaker::kernelcare},
                                         {"ksplice", LivePatchMaker::ksplice},
                                         {"kmod_kcare", LivePatchMaker::kernelcare}}};

struct Trace {
  std::string_view path;
  LivePatchMaker maker;
  bool active;
};

constexpr std::array<Trace, 7> traces{{{"/proc/kcare", LivePatchMaker::kernelcare, true},
                                       {"/usr/bin/kcarectl", LivePatchMaker::kernelcare, false},
                                       {"/snap/canonical-livepatch/current", LivePatchMaker::canonical, false},
                                       {"/usr/sbin/uptrack-upgrade", LivePatchMaker::ksplice, false},
                                       {"/var/lib/kpatch", LivePatchMaker::kpatch, false},
                                       {"/usr/sbin/kpatch", LivePatchMaker::kpatch, false},
                                       {"/usr/bin/klp", LivePatchMaker::suse, false}}};

void add(ForeignSearch& search, LivePatchMaker maker, std::string evidence, bool active) {
  ForeignPatching patching;
  patching.maker = maker;
  patching.evidence = std::move(evidence);
  patching.active = active;
  search.found.push_back(std::move(patching));
}

Result<std::string> read_symbols(const Root& root) { return root.text("/proc/kallsyms", std::size_t{64} << 20); }

bool listed(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

std::vector<std::string> live_patch_names(const Root& root) {
  auto names = root.names("/sys/kernel/livepatch");
  return names ? std::move(*names) : std::vector<std::string>();
}

Known<LivePatchMaker> maker_in(const Result<std::string>& symbols, std::string_view module) {
  if (auto checked = check_module_name(module); !checked) return fail(std::move(checked).error());
  if (!symbols) return fail(symbols.error());
  // "ffffffffc0a00000 t suture_enter_target\t[fix]": of the part that all of Suture's share.
  const bool has_it = symbols->find(fmt::format(" suture_enter_target\t[{}]", module)) != std::string::npos;
  return has_it ? LivePatchMaker::suture : maker_by_name(module);
}

}  // namespace

LivePatchMaker maker_by_name(std::string_view module) {
  // "livepatch_5_14_21_150400_24_46_default_1": SUSE's, after the kernel and its flavour.
  if (module.starts_with("livepatch_") && module.find("_default_") != std::string_view::npos)
    return LivePatchMaker::suse;
  for (const auto& naming : namings) {
    if (module.starts_with(naming.begins)) return naming.maker;
  }
  return LivePatchMaker::unknown;
}

Known<LivePatchMaker> maker_of(const Root& root, std::string_view module) {
  return maker_in(read_symbols(root), module);
}

ForeignSearch search_foreign(const Root& root, const std::vector<std::string>& ours) {
  ForeignSearch search;
  if (const auto names = live_patch_names(root); !names.empty()) {
    const auto symbols = read_symbols(root);
    for (const auto& name : names) {
      if (listed(ours, name)) continue;
      const auto maker = maker_in(symbols, name);
      if (maker.is(LivePatchMaker::suture)) continue;
      if (!maker) search.unknown.push_back(fmt::format("who made {}: {}", name, maker.why()));
      add(search, maker.value_or(maker_by_name(name)), "live patch " + name, true);
    }
  }
  auto others = search_other_systems(root, ours);
  std::ranges::move(others.found, std::back_inserter(search.found));
  std::ranges::move(others.unknown, std::back_inserter(search.unknown));
  return search;
}

ForeignSearch search_other_systems(const Root& root, const std::vector<std::string>& ours) {
  ForeignSearch search;
  const auto live_patches = live_patch_names(root);
  const auto modules = root.text("/proc/modules");
  if (!modules) search.unknown.push_back(modules.error().describe());
  for (const auto line : lines_of(modules ? std::string_view(*modules) : "")) {
    const std::string name(line.substr(0, line.find(' ')));
    const auto maker = maker_by_name(name);
    if (maker == LivePatchMaker::unknown || listed(ours, name) || listed(live_patches, name)) continue;
    add(search, maker, "module " + name, true);
  }
  for (const auto& trace : traces) {
    if (root.has(trace.path)) add(search, trace.maker, std::string(trace.path), trace.active);
  }
  return search;
}

}  // namespace suture::host
