#include "host/module/loaded.h"

#include <algorithm>

#include "base/numbers.h"
#include "base/words.h"
#include "host/module/build_id.h"
#include "host/module/name.h"

namespace suture::host {
namespace {

// "nf_tables 299008 1 nft_chain_nat, Live 0x0000000000000000 (OE)" (kernel/module/procfs.c, m_show()).
// Without CONFIG_MODULE_UNLOAD the third and fourth fields are "-" and absent or "-".
Result<LoadedModule> parse_line(std::string_view line) {
  const auto words = words_of(line);
  if (words.size() < 5 || !is_module_name(words[0]))
    return fail("/proc/modules: a line that is no module: \"{}\"", line.substr(0, 80));
  const auto size = to_number<std::uint64_t>(words[1]);
  if (!size) return fail("/proc/modules: {}: has no size", words[0]);
  LoadedModule module;
  module.name = words[0];
  module.size = *size;
  module.users = to_number<std::int64_t>(words[2]).value_or(-1);
  std::string_view list = words[3];
  while (!list.empty()) {
    const auto user = take_until(list, ',');
    if (user != "-" && user != "[permanent]" && !user.empty()) module.used_by.emplace_back(user);
    if (user == "[permanent]") module.users = -1;
  }
  module.state = words[4];
  if (words.size() > 6) {
    for (const char c : words[6]) {
      if (c >= 'A' && c <= 'Z') module.taint += c;
    }
  }
  return module;
}

// A module that says no version has no such file.
Known<std::string> optional_line(const Root& root, const std::string& module, std::string_view file) {
  if (root.has(module) && !root.has(module + std::string(file))) return std::string();
  return root.line(module + std::string(file));
}

void describe(const Root& root, bool checks_signatures, LoadedModule& module) {
  const auto here = "/sys/module/" + module.name;
  module.version = optional_line(root, here, "/version");
  module.source_version = optional_line(root, here, "/srcversion");
  module.build_id = module_build_id(root, module.name);
  if (checks_signatures) {
    module.signature_valid = module.taint.find('E') == std::string::npos;
  } else {
    module.signature_valid = fail("this kernel checks no signatures (CONFIG_MODULE_SIG)");
  }
}

}  // namespace

Result<std::vector<LoadedModule>> listed_modules(const Root& root) {
  const auto text = TRY(root.text("/proc/modules"));
  std::vector<LoadedModule> modules;
  for (const auto line : lines_of(text)) {
    auto module = TRY(parse_line(line));
    modules.push_back(std::move(module));
  }
  std::sort(modules.begin(), modules.end(),
            [](const LoadedModule& a, const LoadedModule& b) { return a.name < b.name; });
  return modules;
}

Result<std::vector<LoadedModule>> loaded_modules(const Root& root) {
  auto modules = TRY(listed_modules(root));
  const bool checks_signatures = root.has("/sys/module/module/parameters/sig_enforce");
  for (auto& module : modules) describe(root, checks_signatures, module);
  return modules;
}

std::vector<std::string> tainting(const std::vector<LoadedModule>& modules) {
  std::vector<std::string> names;
  for (const auto& module : modules) {
    if (!module.taint.empty()) names.push_back(fmt::format("{} ({})", module.name, module.taint));
  }
  return names;
}

bool is_loaded(const Root& root, std::string_view name) {
  if (!is_module_name(name)) return false;
  const auto state = root.line(fmt::format("/sys/module/{}/initstate", name));
  return state && *state == "live";
}

}  // namespace suture::host
