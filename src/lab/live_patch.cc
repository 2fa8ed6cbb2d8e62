#include "lab/live_patch.h"

#include <set>

#include "lab/module_file.h"
#include "lab/shipped_modules.h"

namespace suture::lab {
namespace {

std::vector<std::string> objects_of(const ModuleFile& module) {
  const auto declared = module.list("suture_objects");
  std::set<std::string> objects(declared.begin(), declared.end());
  if (objects.empty()) {
    for (std::string_view section : module.sections) {
      constexpr std::string_view head = ".klp.rela.";  // .klp.rela.OBJECT.SECTION; no object's name has a dot
      if (!section.starts_with(head)) continue;
      section.remove_prefix(head.size());
      objects.emplace(section.substr(0, section.find('.')));
    }
  }
  return std::vector(objects.begin(), objects.end());
}

// These become names of files and words of a shell in the guest.
Status check_name(std::string_view name, const fs::path& path) {
  constexpr auto plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  if (!name.empty() && name.front() != '-' && name.find_first_not_of(plain) == std::string_view::npos) return {};
  return fail("{}: .modinfo holds '{}', which is no module's name", path.string(), name);
}

}  // namespace

Result<LivePatch> read_live_patch(const fs::path& path) {
  auto file = TRY(read_file(path));
  const auto module = TRY(read_module_file(file, path.string()));
  if (module.value("livepatch") != "Y")
    return fail("{}: is not a live patch: its .modinfo does not say livepatch=Y", path.string());
  const auto vermagic = module.value("vermagic");
  LivePatch patch{.name = std::string(module.value("name")),
                  .release = std::string(vermagic.substr(0, vermagic.find(' '))),
                  .objects = objects_of(module)};
  if (patch.name.empty()) patch.name = module_name(path.filename().string());
  TRY(check_name(patch.name, path));
  for (const auto& object : patch.objects) TRY(check_name(object, path));
  patch.file = std::move(file);
  return patch;
}

}  // namespace suture::lab
