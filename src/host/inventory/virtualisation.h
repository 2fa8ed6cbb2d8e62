// What the host runs on, and whether it runs containers.
#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "host/known.h"
#include "host/root.h"

namespace suture::host {

/// "none" on bare metal; "kvm", "qemu", "vmware", "hyperv", "xen", "virtualbox", "amazon", "google", … in a
/// virtual machine, "other" in one that is not known. Told by the processor's flags and the firmware's names
/// (/sys/class/dmi/id), so a hypervisor that hides can hide from us.
Known<std::string> virtual_machine(const Root& root);

struct ContainerRuntime {
  std::string name;      ///< "docker", "containerd", "cri-o", "podman", "lxc", "lxd", "kubelet"
  std::string evidence;  ///< a socket or a process
};
BOOST_DESCRIBE_STRUCT(ContainerRuntime, (), (name, evidence))

struct Containers {
  Known<bool> inside;  ///< whether we run in a container ourselves, where no kernel may be patched
  std::vector<ContainerRuntime> runtimes;
  std::uint64_t running = 0;  ///< containers, by the processes that watch over them (containerd-shim, conmon)
};
BOOST_DESCRIBE_STRUCT(Containers, (), (inside, runtimes, running))

Containers read_containers(const Root& root);

}  // namespace suture::host
