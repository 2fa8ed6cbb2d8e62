// Kernel settings through /proc/sys (sysctl(8)).
#pragma once

#include <string>
#include <string_view>

#include "host/root.h"

namespace suture::host {

/// Checks a name, "kernel.kptr_restrict" or with slashes, "net/ipv4/conf/eth0.1/rp_filter": as sysctl(8),
/// the separator that comes first is the separator. Letters, digits, '_', '-', ':', '@' and the other
/// separator make up its parts; none is empty, "." or "..". Returns the path below /proc/sys.
Result<std::string> sysctl_path(std::string_view name);

/// The value without the newline at its end; values of several words keep their tabs.
Result<std::string> read_sysctl(const Root& root, std::string_view name);
/// Fails if the setting does not exist or the kernel refuses the value; then it is as it was. The value is one
/// line of printable characters, at most 4095 bytes.
Status write_sysctl(const Root& root, std::string_view name, std::string_view value);
/// Whether two values mean the same to the kernel: runs of spaces and tabs are one.
bool equal_sysctl(std::string_view a, std::string_view b);

}  // namespace suture::host
