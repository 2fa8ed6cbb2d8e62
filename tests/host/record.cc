#include "record.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/words.h"

namespace suture::host {
namespace {

// Files, and directories of which all is taken.
const std::vector<std::string> places{"/proc/cmdline",
                                      "/proc/uptime",
                                      "/proc/stat",
                                      "/proc/meminfo",
                                      "/proc/diskstats",
                                      "/proc/modules",
                                      "/proc/cpuinfo",
                                      "/proc/pressure",
                                      "/proc/net/snmp",
                                      "/proc/net/netstat",
                                      "/proc/net/dev",
                                      "/proc/sys/kernel/osrelease",
                                      "/proc/sys/kernel/version",
                                      "/proc/sys/kernel/tainted",
                                      "/proc/sys/kernel/random/boot_id",
                                      "/proc/sys/kernel/panic",
                                      "/proc/sys/kernel/panic_on_oops",
                                      "/proc/sys/kernel/panic_on_warn",
                                      "/sys/kernel/notes",
                                      "/sys/kernel/oops_count",
                                      "/sys/kernel/warn_count",
                                      "/sys/kernel/livepatch",
                                      "/sys/kernel/security/lockdown",
                                      "/sys/kernel/debug/kprobes/list",
                                      "/sys/kernel/tracing/enabled_functions",
                                      "/sys/module/module/parameters/sig_enforce",
                                      "/sys/class/dmi/id/sys_vendor",
                                      "/sys/class/dmi/id/product_name",
                                      "/sys/class/dmi/id/bios_vendor"};

bool is_text(std::string_view content) {
  return std::all_of(content.begin(), content.end(),
                     [](char c) { return c == '\n' || c == '\t' || (c >= ' ' && c < '\x7f'); });
}

void record_file(const Root& root, const std::string& path) {
  const auto content = root.text(path);
  if (!content) return;
  if (is_text(*content)) {
    std::printf("== %s\n%s%s", path.c_str(), content->c_str(),
                content->empty() || content->ends_with('\n') ? "" : "\n");
    return;
  }
  std::printf("== hex %s\n", path.c_str());
  for (std::size_t at = 0; at < content->size(); at += 60)
    std::printf("%s\n", to_hex(as_bytes(std::string_view(*content).substr(at, 60))).c_str());
}

void record(const Root& root, const std::string& path) {
  const auto names = root.names(path);
  if (!names) return record_file(root, path);
  if (names->empty()) std::printf("== directory %s\n", path.c_str());
  for (const auto& name : *names) record(root, path + "/" + name);
}

}  // namespace

void record_tree(const Root& root, const std::vector<std::string>& processes) {
  for (const auto& place : places) record(root, place);
  if (const auto modules = root.text("/proc/modules")) {
    for (const auto line : lines_of(*modules)) {
      const auto here = fmt::format("/sys/module/{}/", line.substr(0, line.find(' ')));
      for (const auto* file : {"initstate", "taint", "srcversion", "version", "notes/.note.gnu.build-id"})
        record_file(root, here + file);
    }
  }
  for (const auto& process : processes) {
    record_file(root, "/proc/" + process + "/comm");
    for (const auto& thread : root.names("/proc/" + process + "/task").value_or(std::vector<std::string>())) {
      for (const auto* file : {"patch_state", "comm", "stat", "stack"})
        record_file(root, fmt::format("/proc/{}/task/{}/{}", process, thread, file));
    }
  }
}

}  // namespace suture::host
