// Live patching by others. An atomic replace would silently drop their fixes, and none of them expects
// anybody beside it.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "host/livepatch/live_patches.h"
#include "host/module/loaded.h"
#include "host/root.h"

namespace suture::host {

BOOST_DEFINE_ENUM_CLASS(LivePatchMaker, suture, kpatch, canonical, suse, kernelcare, ksplice, unknown)

/// Who made a live patch, by its module: Suture's carry the symbol suture_enter_target, which
/// /proc/kallsyms shows (root only); others are known by how they name modules.
Known<LivePatchMaker> maker_of(const Root& root, std::string_view module);
/// By the name alone; never suture.
LivePatchMaker maker_by_name(std::string_view module);

struct ForeignPatching {
  LivePatchMaker maker = LivePatchMaker::unknown;
  std::string evidence;  ///< "module kpatch_5_14_0_1", "/proc/kcare"
  bool active = false;   ///< false: its agent is there, but nothing of it is in the kernel
};
BOOST_DESCRIBE_STRUCT(ForeignPatching, (), (maker, evidence, active))

struct ForeignSearch {
  std::vector<ForeignPatching> found;
  std::vector<std::string> unknown;  ///< what could not be looked at, and why
};
BOOST_DESCRIBE_STRUCT(ForeignSearch, (), (found, unknown))

/// Other patching systems by their modules that are no live patches, and by their agents. Reads no symbols.
ForeignSearch search_other_systems(const Root& root, const std::vector<std::string>& ours);
/// Live patches in the kernel that are not Suture's, other patching systems' modules, and their agents.
/// `ours` are modules that the caller knows to be Suture's; nobody else's name is trusted.
ForeignSearch search_foreign(const Root& root, const std::vector<std::string>& ours = {});

}  // namespace suture::host
