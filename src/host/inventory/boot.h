// How this boot began, how the one before ended, and which kernel the next one would run.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "host/known.h"
#include "host/root.h"

namespace suture::host {

/// Whether UEFI booted only what is signed (the variable SecureBoot, UEFI 2.10, 3.3). false without UEFI.
Known<bool> secure_boot(const Root& root);

BOOST_DEFINE_ENUM_CLASS(RebootReason,
                        clean,   // it was shut down in order
                        unclean  // it was not: power cut, reset, hang, or a panic without a record
)

/// By login records (utmp(5), /var/log/wtmp): whether a shutdown was written between the last two boots.
/// Debian 13 keeps none. Evidence of a crash (system/crash.h) says more, if there is any.
Known<RebootReason> last_reboot(const Root& root);
Known<RebootReason> last_reboot_of(std::string_view wtmp);

struct InstalledKernel {
  std::string release;  ///< "6.1.0-56-amd64"
  std::string version;  ///< as the image says: "#1 SMP … Debian 6.1.192-2 (2026-…)"; "" if it does not
};
BOOST_DESCRIBE_STRUCT(InstalledKernel, (), (release, version))

/// Compares releases and versions as people do: numbers by value, a '~' before everything. Less than 0, 0 or
/// more than 0.
int compare_versions(std::string_view a, std::string_view b);

/// Kernels in /boot, the newest last.
Known<std::vector<InstalledKernel>> installed_kernels(const Root& root);

/// The kernel that a reboot is expected to bring: the newest of the running one's flavour ("amd64",
/// "cloud-amd64"), if it is newer than the running one, or another build of the same release. Nothing is
/// pending if `release` is "". Says nothing of what the boot loader is told.
Known<InstalledKernel> pending_kernel(const Root& root);

/// Whether a package asked for a reboot (/run/reboot-required, Debian and Ubuntu).
bool reboot_asked_for(const Root& root);

}  // namespace suture::host
