#include "lab/guest.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "lab/initramfs.h"

namespace suture::lab {
namespace {

std::string lines(const std::vector<std::string>& names) {
  return names.empty() ? std::string() : fmt::format("{}\n", fmt::join(names, "\n"));
}

void add_patch(Initramfs& root, const GuestPatch& guest_patch) {
  const auto directory = fmt::format("suture/patch/{}/", guest_patch.number);
  root.add_text(directory + "name", guest_patch.patch.name + "\n");
  root.add_file(directory + "live.ko", guest_patch.patch.file);
  root.add_text(directory + "modules", lines(guest_patch.modules));
  root.add_text(directory + "targets", lines(guest_patch.targets));
  if (guest_patch.over) {
    root.add_text(directory + "over_name", guest_patch.over->name + "\n");
    root.add_file(directory + "over.ko", guest_patch.over->file);
  }
  if (guest_patch.before) root.add_text(directory + "before", *guest_patch.before);
  if (guest_patch.after) root.add_text(directory + "after", *guest_patch.after);
}

// modules.dep lists all that a module needs, what is to be loaded first last.
std::string dependency_line(const std::string& name, const ShippedModules& shipped) {
  auto needed = shipped.load_order({name});
  std::reverse(needed.begin(), needed.end());
  auto line = name + ".ko:";
  for (const auto& other : needed) {
    if (other != name) line += " " + other + ".ko";
  }
  return line + "\n";
}

Status add_modules(Initramfs& root, const std::set<std::string>& names, const ShippedModules& shipped,
                   const std::string& release) {
  const auto directory = "lib/modules/" + release + "/";
  std::string dependencies;
  for (const auto& name : names) {
    if (const auto* module = shipped.find(name); module != nullptr)
      root.add_file(directory + name + ".ko", TRY(read_module(module->path)));
    dependencies += dependency_line(name, shipped);
  }
  root.add_text(directory + "modules.dep", dependencies);
  return {};
}

}  // namespace

std::vector<std::string> modules_wanted_by(std::string_view script) {
  constexpr std::string_view head = "# modules:";
  std::vector<std::string> names;
  while (!script.empty()) {
    const auto end = script.find('\n');
    auto line = script.substr(0, end);
    script.remove_prefix(end == std::string_view::npos ? script.size() : end + 1);
    if (!line.starts_with(head)) continue;
    line.remove_prefix(head.size());
    while (true) {
      const auto begin = line.find_first_not_of(" \t\r");
      if (begin == std::string_view::npos) break;
      line.remove_prefix(begin);
      const auto word = line.substr(0, line.find_first_of(" \t\r"));
      names.emplace_back(word);
      line.remove_prefix(word.size());
    }
  }
  return names;
}

Result<Bytes> guest_root(Mode mode, const std::vector<const GuestPatch*>& patches, const ShippedModules& shipped,
                         const std::string& release, const Limits& limits, const Bytes& busybox) {
  Initramfs root;
  root.add_file("bin/busybox", busybox, 0755);
  root.add_text("init", guest_script(), 0755);
  for (const auto* directory : {"dev", "proc", "sys", "tmp", "run"}) root.add_directory(directory);
  root.add_text("suture/mode", mode == Mode::baseline ? "baseline\n" : "patched\n");
  root.add_text("suture/limits", fmt::format("{} {}\n", limits.script.count(), limits.transition.count()));
  std::set<std::string> modules;
  std::string numbers;
  for (const auto* guest_patch : patches) {
    numbers += fmt::format("{}\n", guest_patch->number);
    add_patch(root, *guest_patch);
    modules.insert(guest_patch->modules.begin(), guest_patch->modules.end());
    modules.insert(guest_patch->available.begin(), guest_patch->available.end());
  }
  root.add_text("suture/patches", numbers);
  TRY(add_modules(root, modules, shipped, release));
  return root.pack();
}

}  // namespace suture::lab
