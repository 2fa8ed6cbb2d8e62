#include "host/livepatch/live_patches.h"

#include "base/numbers.h"
#include "host/module/name.h"

namespace suture::host {
namespace {

constexpr std::string_view directory = "/sys/kernel/livepatch";

std::string place(std::string_view name) { return fmt::format("{}/{}", directory, name); }

// Attributes and directories stand side by side; what is a directory below a live patch is an object, and
// what is one below an object is a function, "NAME,POSITION".
Result<std::vector<std::string>> subdirectories(const Root& root, const std::string& of) {
  auto names = TRY(root.names(of));
  std::erase_if(names, [&](const std::string& name) {
    std::error_code ignored;
    return !fs::is_directory(root.path(of + "/" + name), ignored);
  });
  return names;
}

Result<LiveFunction> function(const std::string& entry, const std::string& in) {
  const auto comma = entry.rfind(',');
  const auto position =
      comma == std::string::npos ? std::nullopt : to_number<std::uint32_t>(std::string_view(entry).substr(comma + 1));
  if (!position) return fail("{}/{}: is no function and position", in, entry);
  LiveFunction function;
  function.name = entry.substr(0, comma);
  function.position = *position;
  return function;
}

Result<LiveObject> object(const Root& root, const std::string& patch, const std::string& name) {
  const auto here = patch + "/" + name;
  LiveObject object;
  object.name = name;
  object.patched = root.flag(here + "/patched");
  for (const auto& entry : TRY(subdirectories(root, here))) {
    auto each = TRY(function(entry, here));
    object.functions.push_back(std::move(each));
  }
  return object;
}

}  // namespace

bool has_live_patch(const Root& root, std::string_view name) { return is_module_name(name) && root.has(place(name)); }

Result<LivePatchState> live_patch(const Root& root, std::string_view name) {
  TRY(check_module_name(name));
  const auto here = place(name);
  LivePatchState state;
  state.name = name;
  state.enabled = TRY(root.flag(here + "/enabled"));
  state.transition = TRY(root.flag(here + "/transition"));
  state.replaces = root.flag(here + "/replace");
  for (const auto& each : TRY(subdirectories(root, here))) {
    auto one = TRY(object(root, here, each));
    state.objects.push_back(std::move(one));
  }
  return state;
}

Result<std::vector<LivePatchState>> live_patches(const Root& root) {
  const auto names = TRY(root.names(directory), "no live patching: CONFIG_LIVEPATCH is off, or sysfs is not mounted");
  std::vector<LivePatchState> patches;
  for (const auto& name : names) {
    auto state = live_patch(root, name);
    // It may have gone between the two looks.
    if (!state && !has_live_patch(root, name)) continue;
    if (!state) return fail(std::move(state).error());
    patches.push_back(std::move(*state));
  }
  return patches;
}

Status disable(const Root& root, std::string_view name) {
  TRY(check_module_name(name));
  return root.write(place(name) + "/enabled", "0");
}

Status enable_again(const Root& root, std::string_view name) {
  TRY(check_module_name(name));
  return root.write(place(name) + "/enabled", "1");
}

}  // namespace suture::host
