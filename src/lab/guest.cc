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

void add_script(Initramfs& root, const std::string& directory, const std::string& name, const Script& script) {
  const auto path = directory + name;
  root.add_text(path + ".sh", script.text);
  root.add_directory(path);
  for (const auto& [file, content] : script.files) root.add_file(fmt::format("{}/{}", path, file), content, 0755);
}

void add_patch(Initramfs& root, const GuestPatch& guest_patch) {
  const auto directory = fmt::format("suture/patch/{}/", guest_patch.number);
  root.add_text(directory + "name", guest_patch.patch.name + "\n");
  root.add_file(directory + "live.ko", guest_patch.patch.file);
  root.add_text(directory + "targets", lines(guest_patch.targets));
  root.add_text(directory + "early", lines(guest_patch.early));
  root.add_text(directory + "late", lines(guest_patch.late));
  if (guest_patch.over) {
    root.add_text(directory + "over_name", guest_patch.over->name + "\n");
    root.add_file(directory + "over.ko", guest_patch.over->file);
  }
  if (guest_patch.before) add_script(root, directory, "before", *guest_patch.before);
  if (guest_patch.after) add_script(root, directory, "after", *guest_patch.after);
}

}  // namespace

Status place_modules(GuestPatch& guest_patch, const ShippedModules& shipped) {
  std::set<std::string> objects(guest_patch.patch.objects.begin(), guest_patch.patch.objects.end());
  if (guest_patch.over) objects.insert(guest_patch.over->objects.begin(), guest_patch.over->objects.end());
  std::copy_if(objects.begin(), objects.end(), std::back_inserter(guest_patch.targets),
               [&](const std::string& object) { return shipped.has(object); });

  std::vector<std::string> asked_for;
  for (const auto* script : {&guest_patch.before, &guest_patch.after}) {
    if (script->has_value()) asked_for.insert(asked_for.end(), (*script)->modules.begin(), (*script)->modules.end());
  }
  for (const auto& name : asked_for) {
    if (!shipped.has(name)) {
      return fail(Error(fmt::format("a script asks for module {}, which this kernel does not ship", name))
                      .advise("leave it out of '# modules:' if it is built in"));
    }
  }
  const auto needs_a_target = [&](const std::string& name) {
    const auto needed = shipped.load_order({name});
    return std::any_of(needed.begin(), needed.end(), [&](const std::string& one) { return objects.contains(one); });
  };
  for (const auto& name : shipped.load_order(asked_for)) {
    if (!needs_a_target(name)) guest_patch.early.push_back(name);
  }
  auto late = guest_patch.targets;
  late.insert(late.end(), asked_for.begin(), asked_for.end());
  for (const auto& name : shipped.load_order(late)) {
    if (std::find(guest_patch.early.begin(), guest_patch.early.end(), name) == guest_patch.early.end())
      guest_patch.late.push_back(name);
  }
  return {};
}

Result<Bytes> guest_root(Mode mode, std::span<const GuestPatch> patches, const ShippedModules& shipped,
                         const Limits& limits, const Bytes& busybox) {
  Initramfs root;
  root.add_file("bin/busybox", busybox, 0755);
  root.add_text("init", guest_script(), 0755);
  for (const auto* directory : {"dev", "proc", "sys", "tmp", "run"}) root.add_directory(directory);
  root.add_text("suture/mode", mode == Mode::baseline ? "baseline\n" : "patched\n");
  root.add_text("suture/limits", fmt::format("{} {}\n", limits.script.count(), limits.transition.count()));
  std::set<std::string> modules;
  std::string numbers;
  for (const auto& guest_patch : patches) {
    numbers += fmt::format("{}\n", guest_patch.number);
    add_patch(root, guest_patch);
    modules.insert(guest_patch.early.begin(), guest_patch.early.end());
    modules.insert(guest_patch.late.begin(), guest_patch.late.end());
  }
  root.add_text("suture/patches", numbers);
  for (const auto& name : modules) {
    auto module = TRY(shipped.read(name));
    root.add_file(fmt::format("suture/modules/{}.ko", name), std::move(module));
  }
  return root.pack();
}

}  // namespace suture::lab
