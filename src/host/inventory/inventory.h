// All that is told of a host when somebody asks for its inventory.
#pragma once

#include <boost/describe/class.hpp>
#include <string>
#include <vector>

#include "host/inventory/boot.h"
#include "host/inventory/distribution.h"
#include "host/inventory/kernel.h"
#include "host/inventory/virtualisation.h"
#include "host/known.h"
#include "host/livepatch/foreign.h"
#include "host/livepatch/live_patches.h"
#include "host/module/loaded.h"
#include "host/module/taint.h"
#include "host/system/crash.h"

namespace suture::host {

/// A setting that bears on live patching, or on what an attacker or a fault can do.
struct Setting {
  std::string name;
  Known<std::string> value;
};
BOOST_DESCRIBE_STRUCT(Setting, (), (name, value))

struct Inventory {
  Kernel kernel;
  std::vector<TaintFlag> taint;
  std::vector<std::string> tainted_by;  ///< modules that brought a flag: "both (OEK)"
  Known<Distribution> distribution;
  Known<std::vector<KernelPackage>> packages;
  Known<std::vector<LoadedModule>> modules;
  Known<std::vector<LivePatchState>> live_patches;
  ForeignSearch foreign;
  std::vector<Setting> settings;
  Known<std::string> virtual_machine;
  Containers containers;
  Known<bool> secure_boot;
  Known<RebootReason> last_reboot;
  CrashSearch crashes;  ///< of any age
  Known<InstalledKernel> pending_kernel;
  bool reboot_asked_for = false;
};
BOOST_DESCRIBE_STRUCT(Inventory, (),
                      (kernel, taint, tainted_by, distribution, packages, modules, live_patches, foreign, settings,
                       virtual_machine, containers, secure_boot, last_reboot, crashes, pending_kernel,
                       reboot_asked_for))

Inventory read_inventory(const Root& root);

/// Its JSON: described members by their names, what is unknown as {"unknown": "why"}.
std::string to_json(const Inventory& inventory);

}  // namespace suture::host
