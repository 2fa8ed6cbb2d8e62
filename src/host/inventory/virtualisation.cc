#include "host/inventory/virtualisation.h"

#include <algorithm>
#include <array>

#include "base/numbers.h"
#include "base/words.h"

namespace suture::host {
namespace {

struct Vendor {
  std::string_view part;  ///< of /sys/class/dmi/id/sys_vendor, product_name or bios_vendor
  std::string_view name;
};

// As systemd-detect-virt(1) knows them (src/basic/virt.c).
constexpr std::array<Vendor, 14> vendors{{{"KVM", "kvm"},
                                          {"OpenStack", "kvm"},
                                          {"KubeVirt", "kvm"},
                                          {"Amazon EC2", "amazon"},
                                          {"Google Compute Engine", "google"},
                                          {"QEMU", "qemu"},
                                          {"VMware", "vmware"},
                                          {"VMW", "vmware"},
                                          {"innotek GmbH", "virtualbox"},
                                          {"VirtualBox", "virtualbox"},
                                          {"Xen", "xen"},
                                          {"Parallels", "parallels"},
                                          {"BHYVE", "bhyve"},
                                          {"Hyper-V", "hyperv"}}};

std::string firmware_names(const Root& root) {
  std::string names;
  for (const auto* file : {"product_name", "sys_vendor", "board_vendor", "bios_vendor", "product_version"}) {
    if (const auto line = root.line(fmt::format("/sys/class/dmi/id/{}", file))) names += *line + "\n";
  }
  return names;
}

bool has_hypervisor_flag(std::string_view cpuinfo) {
  for (const auto line : lines_of(cpuinfo)) {
    if (!line.starts_with("flags")) continue;
    const auto words = words_of(line);
    return std::find(words.begin(), words.end(), "hypervisor") != words.end();
  }
  return false;
}

struct Runtime {
  std::string_view name;
  std::string_view socket;
  std::string_view process;  ///< as comm, at most 15 characters
};

constexpr std::array<Runtime, 8> known_runtimes{{{"docker", "/run/docker.sock", "dockerd"},
                                                 {"containerd", "/run/containerd/containerd.sock", "containerd"},
                                                 {"cri-o", "/run/crio/crio.sock", "crio"},
                                                 {"podman", "/run/podman/podman.sock", "podman"},
                                                 {"lxd", "/var/lib/lxd/unix.socket", "lxd"},
                                                 {"lxd", "/var/snap/lxd/common/lxd/unix.socket", "lxd"},
                                                 {"lxc", "", "lxc-start"},
                                                 {"kubelet", "", "kubelet"}}};

Known<bool> inside_container(const Root& root) {
  if (root.has("/run/systemd/container") || root.has("/.dockerenv") || root.has("/run/.containerenv")) return true;
  // PID 1 has it in its environment in most; only root may read that.
  const auto environment = root.text("/proc/1/environ", 1 << 20);
  if (!environment) return fail(environment.error());
  return environment->starts_with("container=") ||
         environment->find(std::string("\0container=", 11)) != std::string::npos;
}

}  // namespace

Known<std::string> virtual_machine(const Root& root) {
  if (const auto type = root.line("/sys/hypervisor/type"); type && !type->empty()) {
    // The first domain of Xen runs on the metal itself.
    const auto features = root.line("/proc/xen/capabilities");
    if (*type == "xen" && features && features->find("control_d") != std::string::npos) return std::string("none");
    return *type;
  }
  const auto cpuinfo = root.text("/proc/cpuinfo", std::size_t{64} << 20);
  if (!cpuinfo) return fail(cpuinfo.error());
  const auto names = firmware_names(root);
  for (const auto& vendor : vendors) {
    if (names.find(vendor.part) == std::string::npos) continue;
    // Amazon and Google rent out bare metal under the same names.
    if (!has_hypervisor_flag(*cpuinfo)) break;
    return std::string(vendor.name);
  }
  if (!has_hypervisor_flag(*cpuinfo)) return std::string("none");
  if (names.find("Microsoft Corporation") != std::string::npos) return std::string("hyperv");
  return std::string("other");
}

Containers read_containers(const Root& root) {
  Containers containers;
  containers.inside = inside_container(root);
  const auto add = [&](std::string_view name, std::string evidence) {
    const auto has = [&](const ContainerRuntime& runtime) { return runtime.name == name; };
    if (std::none_of(containers.runtimes.begin(), containers.runtimes.end(), has))
      containers.runtimes.push_back({std::string(name), std::move(evidence)});
  };
  for (const auto& runtime : known_runtimes) {
    if (!runtime.socket.empty() && root.has(runtime.socket)) add(runtime.name, std::string(runtime.socket));
  }
  const auto processes = root.names("/proc");
  if (!processes) return containers;
  for (const auto& process : *processes) {
    if (!to_number<std::uint64_t>(process)) continue;
    const auto name = root.line("/proc/" + process + "/comm");
    if (!name) continue;
    if (name->starts_with("containerd-shim") || *name == "conmon") ++containers.running;
    for (const auto& runtime : known_runtimes) {
      if (*name == runtime.process) add(runtime.name, fmt::format("process {} ({})", process, *name));
    }
  }
  return containers;
}

}  // namespace suture::host
