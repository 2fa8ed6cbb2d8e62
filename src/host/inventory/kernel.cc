#include "host/inventory/kernel.h"

#include "base/numbers.h"
#include "base/words.h"
#include "host/module/build_id.h"
#include "host/module/taint.h"

namespace suture::host {
namespace {

Known<double> uptime(const Root& root) {
  const auto text = root.line("/proc/uptime");
  if (!text) return fail(text.error());
  const auto words = words_of(*text);
  const auto seconds = words.empty() ? std::nullopt : to_decimal(words[0]);
  if (!seconds) return fail("/proc/uptime: holds no seconds");
  return *seconds;
}

// "none [integrity] confidentiality": the one in brackets is in force (security/lockdown/lockdown.c).
Known<std::string> lockdown(const Root& root) {
  const auto text = root.line("/sys/kernel/security/lockdown");
  if (!text) return fail(text.error());
  for (const auto word : words_of(*text)) {
    if (word.size() > 2 && word.starts_with('[') && word.ends_with(']'))
      return std::string(word.substr(1, word.size() - 2));
  }
  return fail("/sys/kernel/security/lockdown: marks no level");
}

}  // namespace

Kernel read_kernel(const Root& root) {
  Kernel kernel;
  kernel.release = root.line("/proc/sys/kernel/osrelease");
  kernel.version = root.line("/proc/sys/kernel/version");
  kernel.build_id = kernel_build_id(root);
  kernel.command_line = root.line("/proc/cmdline");
  kernel.taint = read_taint(root);
  kernel.boot_id = root.line("/proc/sys/kernel/random/boot_id");
  kernel.uptime = uptime(root);
  kernel.lockdown = lockdown(root);
  kernel.signatures_enforced = root.flag("/sys/module/module/parameters/sig_enforce");
  return kernel;
}

std::optional<std::string> kernel_parameter(std::string_view command_line, std::string_view name) {
  std::optional<std::string> found;
  for (std::size_t at = 0; at < command_line.size();) {
    std::string parameter;
    bool quoted = false;
    for (; at < command_line.size(); ++at) {
      const char c = command_line[at];
      if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == ' ' || c == '\t' || c == '\n')) {
        break;
      } else {
        parameter += c;
      }
    }
    ++at;
    if (parameter == "--") break;
    const auto equals = parameter.find('=');
    if (std::string_view(parameter).substr(0, equals) == name)
      found = equals == std::string::npos ? "" : parameter.substr(equals + 1);
  }
  return found;
}

}  // namespace suture::host
