#include "lab/live_patch.h"

#include <algorithm>
#include <set>

#include "elf/object.h"
#include "lab/modinfo.h"

namespace suture::lab {
namespace {

// ".klp.rela.OBJECT.SECTION" and ".klp.sym.OBJECT.SYMBOL,POSITION". No module's name has a dot.
void add_object(std::string_view name, std::set<std::string>& objects) {
  for (const std::string_view head : {".klp.rela.", ".klp.sym."}) {
    if (!name.starts_with(head)) continue;
    name.remove_prefix(head.size());
    objects.emplace(name.substr(0, name.find('.')));
  }
}

Result<std::vector<std::string>> objects_of(ByteView file, const Modinfo& info, const std::string& path) {
  std::set<std::string> objects;
  for (auto& object : info.list("suture_objects")) objects.insert(std::move(object));
  if (objects.empty()) {
    const auto object = TRY(elf::read_object(file, path));
    for (const auto& section : object.sections) {
      for (const auto& livepatch : section.livepatch_relocations) add_object(livepatch.name, objects);
    }
    for (const auto& symbol : object.symbols) add_object(symbol.name, objects);
  }
  return std::vector(objects.begin(), objects.end());
}

bool is_plain_name(std::string_view name) {
  return !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
                              std::string_view::npos;
}

}  // namespace

Result<LivePatch> read_live_patch(const fs::path& path) {
  auto file = TRY(read_file(path));
  const auto info = TRY(read_modinfo(file, path.string()));
  if (info.value("livepatch") != "Y")
    return fail("{}: is not a live patch: .modinfo does not say livepatch=Y", path.string());
  const auto vermagic = info.value("vermagic");
  LivePatch patch{.name = std::string(info.value("name")),
                  .release = std::string(vermagic.substr(0, vermagic.find(' '))),
                  .objects = TRY(objects_of(file, info, path.string())),
                  .file = {}};
  if (patch.name.empty()) patch.name = module_name_of(path.filename().string());
  // These become file names and shell words in the guest.
  for (const auto& name : patch.objects) {
    if (!is_plain_name(name))
      return fail("{}: says that it patches '{}', which is no module's name", path.string(), name);
  }
  if (!is_plain_name(patch.name))
    return fail("{}: calls itself '{}', which is no module's name", path.string(), patch.name);
  patch.file = std::move(file);
  return patch;
}

}  // namespace suture::lab
