// BPF programs that the kernel calls at functions of its own (fentry, fexit, fmod_ret, LSM), asked from the
// kernel with bpf(2). Needs CAP_SYS_ADMIN, or CAP_BPF and CAP_PERFMON.
#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "host/known.h"
#include "host/root.h"

namespace suture::host {

struct BpfAttachment {
  std::string how;  ///< "fentry", "fexit", "fmod_ret", "lsm"
  std::uint32_t program_id = 0;
  std::string program;   ///< its name, at most 15 characters
  std::string object;    ///< "vmlinux", or a module
  std::string function;  ///< "" if its name could not be found
};
BOOST_DESCRIBE_STRUCT(BpfAttachment, (), (how, program_id, program, object, function))

/// Those of the running kernel; names come from /sys/kernel/btf below `root`.
Known<std::vector<BpfAttachment>> bpf_attachments(const Root& root);

}  // namespace suture::host
