#include "kit/config.h"

#include <set>

#include "kit/lines.h"

namespace suture::kit {
namespace {

constexpr std::string_view absent = "(absent)";

bool is_option(std::string_view name) {
  return name.starts_with("CONFIG_") &&
         name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") ==
             std::string_view::npos;
}

std::string_view find(const KernelConfig& config, std::string_view option) {
  const auto found = config.options().find(option);
  return found == config.options().end() ? absent : std::string_view(found->second);
}

}  // namespace

Result<KernelConfig> KernelConfig::parse(std::string_view text, std::string_view name) {
  KernelConfig config;
  TRY(for_each_line(text, [&](std::string_view line, std::size_t number) -> Status {
    constexpr std::string_view unset = " is not set";
    auto option = line;
    std::string_view value = "n";
    if (line.starts_with("# CONFIG_") && line.ends_with(unset)) {
      option = line.substr(2, line.size() - 2 - unset.size());
    } else if (line.empty() || line.front() == '#') {
      return {};
    } else {
      const auto equals = std::min(line.find('='), line.size());
      option = line.substr(0, equals);
      value = line.substr(std::min(equals + 1, line.size()));
    }
    if (!is_option(option) || value.empty())
      return fail("{}: line {} is no option of a kernel configuration: '{}'", name, number, line.substr(0, 60));
    config.options_.insert_or_assign(std::string(option), std::string(value));
    return {};
  }));
  if (config.options_.empty()) return fail("{}: holds no kernel configuration", name);
  return config;
}

bool KernelConfig::enabled(std::string_view option) const {
  const auto value = find(*this, option);
  return value == "y" || value == "m";
}

std::string_view KernelConfig::value(std::string_view option) const {
  auto value = find(*this, option);
  if (value == absent || value == "n") return {};
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
  return value;
}

std::vector<ConfigDifference> differences(const KernelConfig& shipped, const KernelConfig& built) {
  std::set<std::string_view> options;
  for (const auto* config : {&shipped, &built}) {
    for (const auto& [option, value] : config->options()) options.insert(option);
  }
  std::vector<ConfigDifference> found;
  for (const auto option : options) {
    const auto here = find(shipped, option), there = find(built, option);
    if (here != there) found.push_back({std::string(option), std::string(here), std::string(there)});
  }
  return found;
}

}  // namespace suture::kit
