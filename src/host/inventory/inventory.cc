#include "host/inventory/inventory.h"

#include <array>

#include "host/known_json.h"
#include "host/system/sysctl.h"

namespace suture::host {
namespace {

constexpr std::array<std::string_view, 17> settings{
    "kernel.panic",
    "kernel.panic_on_oops",
    "kernel.panic_on_warn",
    "kernel.oops_limit",
    "kernel.warn_limit",
    "kernel.hung_task_timeout_secs",
    "kernel.hung_task_panic",
    "kernel.softlockup_panic",
    "kernel.hardlockup_panic",
    "kernel.modules_disabled",
    "kernel.kptr_restrict",
    "kernel.dmesg_restrict",
    "kernel.kexec_load_disabled",
    "kernel.unprivileged_bpf_disabled",
    "kernel.ftrace_enabled",
    "kernel.unprivileged_userns_clone",
    "vm.panic_on_oom",
};

}  // namespace

Inventory read_inventory(const Root& root) {
  Inventory inventory;
  inventory.kernel = read_kernel(root);
  inventory.taint = decode_taint(inventory.kernel.taint.value_or(0));
  inventory.distribution = read_distribution(root);
  inventory.packages = kernel_packages(root);
  inventory.modules = loaded_modules(root);
  if (inventory.modules) inventory.tainted_by = tainting(*inventory.modules);
  inventory.live_patches = live_patches(root);
  inventory.foreign = search_foreign(root);
  for (const auto name : settings) inventory.settings.push_back({std::string(name), read_sysctl(root, name)});
  inventory.virtual_machine = virtual_machine(root);
  inventory.containers = read_containers(root);
  inventory.secure_boot = secure_boot(root);
  inventory.last_reboot = last_reboot(root);
  inventory.crashes = search_crashes(root, {});
  inventory.pending_kernel = pending_kernel(root);
  inventory.reboot_asked_for = reboot_asked_for(root);
  return inventory;
}

std::string to_json(const Inventory& inventory) { return json::to_text(inventory); }

}  // namespace suture::host
