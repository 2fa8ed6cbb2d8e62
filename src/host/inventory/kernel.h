// Which kernel runs, and what it was told.
#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/clock.h"
#include "host/known.h"
#include "host/root.h"

namespace suture::host {

struct Kernel {
  Known<std::string> release;       ///< "6.1.0-54-amd64"
  Known<std::string> version;       ///< "#1 SMP PREEMPT_DYNAMIC Debian 6.1.190-1 (…)"
  Known<std::string> build_id;      ///< of vmlinux
  Known<std::string> command_line;  ///< as the boot loader gave it
  Known<std::uint64_t> taint;
  Known<std::string> boot_id;       ///< another after every boot
  Known<double> uptime;             ///< seconds
  Known<std::string> lockdown;      ///< "none", "integrity", "confidentiality"
  Known<bool> signatures_enforced;  ///< modules must be signed
};
BOOST_DESCRIBE_STRUCT(Kernel, (),
                      (release, version, build_id, command_line, taint, boot_id, uptime, lockdown, signatures_enforced))

Kernel read_kernel(const Root& root);

/// Of the parameters on a command line the value of the last NAME=VALUE, "" for a bare NAME, nothing if it
/// is not there. Quotes are as in Documentation/admin-guide/kernel-parameters.rst; what follows "--" is
/// init's, not the kernel's.
std::optional<std::string> kernel_parameter(std::string_view command_line, std::string_view name);

}  // namespace suture::host
