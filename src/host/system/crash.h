// What is left of a kernel that died: records in pstore, dumps of kdump, the log of the boot before.
#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <vector>

#include "host/clock.h"
#include "host/known.h"
#include "host/root.h"

namespace suture::host {

/// What a crash might name.
struct Suspects {
  std::vector<std::string> functions;  ///< patched ones
  std::vector<std::string> modules;    ///< live patches
};

struct CrashEvidence {
  std::string source;                  ///< "/sys/fs/pstore/dmesg-efi_pstore-…", or "the log of the boot before"
  std::int64_t time = 0;               ///< of the file, seconds since 1970; 0 if it is not known
  std::string first_line;              ///< the first that says that the kernel was hurt
  std::vector<std::string> functions;  ///< suspects that a trace or a report in it names
  std::vector<std::string> modules;    ///< … and modules, by code of theirs; a list of loaded ones does not count
  bool names_a_suspect() const { return !functions.empty() || !modules.empty(); }
};
BOOST_DESCRIBE_STRUCT(CrashEvidence, (), (source, time, first_line, functions, modules))

struct CrashSearch {
  std::vector<CrashEvidence> found;  ///< sources in which the kernel was hurt
  std::vector<std::string> unknown;  ///< what could not be looked at, and why
};
BOOST_DESCRIBE_STRUCT(CrashSearch, (), (found, unknown))

/// Looks at pstore, at what systemd-pstore made of it, and at the logs beside dumps below /var/crash, as far
/// as they are not older than `since`.
CrashSearch search_crashes(const Root& root, const Suspects& suspects, WallTime since = {});
/// What a log says; nothing if the kernel was not hurt in it.
std::optional<CrashEvidence> evidence_in(std::string_view log, std::string source, const Suspects& suspects);
/// The kernel log of the boot before this one, as far as the journal kept it: asks journalctl(1).
Known<std::string> previous_boot_log(Milliseconds patience = std::chrono::seconds(20));

}  // namespace suture::host
