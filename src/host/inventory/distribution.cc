#include "host/inventory/distribution.h"

#include <algorithm>
#include <array>

#include "base/words.h"

namespace suture::host {
namespace {

// NAME=value, or in quotes with the shell's escapes (os-release(5)).
std::string unquoted(std::string_view value) {
  if (value.size() < 2 || (value[0] != '"' && value[0] != '\'') || value.back() != value[0]) return std::string(value);
  const bool escapes = value[0] == '"';
  std::string out;
  value = value.substr(1, value.size() - 2);
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (escapes && value[i] == '\\' && i + 1 < value.size()) ++i;
    out += value[i];
  }
  return out;
}

bool is_kernel_package(std::string_view name) {
  constexpr std::array<std::string_view, 4> begins{"linux-image", "linux-headers", "linux-modules", "linux-kbuild"};
  return std::any_of(begins.begin(), begins.end(), [&](std::string_view begin) { return name.starts_with(begin); });
}

}  // namespace

Known<Distribution> read_distribution(const Root& root) {
  auto text = root.text("/etc/os-release", 1 << 16);
  if (!text) text = root.text("/usr/lib/os-release", 1 << 16);
  if (!text) return fail(std::move(text).error());
  Distribution distribution;
  for (const auto line : lines_of(*text)) {
    const auto equals = line.find('=');
    if (equals == std::string_view::npos || line.starts_with('#')) continue;
    const auto name = line.substr(0, equals);
    auto value = unquoted(line.substr(equals + 1));
    if (name == "ID")
      distribution.id = std::move(value);
    else if (name == "VERSION_ID")
      distribution.version = std::move(value);
    else if (name == "PRETTY_NAME")
      distribution.name = std::move(value);
    else if (name == "ID_LIKE")
      distribution.like = std::move(value);
  }
  // os-release(5): without an ID it is "linux".
  if (distribution.id.empty()) distribution.id = "linux";
  return distribution;
}

Known<std::vector<KernelPackage>> kernel_packages(const Root& root) {
  const auto text = root.text("/var/lib/dpkg/status", std::size_t{64} << 20);
  if (!text) {
    for (const auto* database : {"/usr/lib/sysimage/rpm", "/var/lib/rpm"}) {
      if (root.has(database)) return fail("{}: an RPM database, which is not read", database);
    }
    return fail(text.error());
  }
  std::vector<KernelPackage> packages;
  KernelPackage package;
  bool installed = false;
  const auto end_paragraph = [&] {
    if (installed && is_kernel_package(package.name)) packages.push_back(package);
    package = KernelPackage();
    installed = false;
  };
  for (const auto line : lines_of(*text)) {
    if (line.empty()) {
      end_paragraph();
      continue;
    }
    const auto colon = line.find(": ");
    if (line[0] == ' ' || colon == std::string_view::npos) continue;
    const auto field = line.substr(0, colon);
    const auto value = line.substr(colon + 2);
    if (field == "Package")
      package.name = value;
    else if (field == "Version")
      package.version = value;
    else if (field == "Source")
      package.source = value.substr(0, value.find(' '));
    else if (field == "Status")
      installed = value.ends_with(" installed");
  }
  end_paragraph();
  std::sort(packages.begin(), packages.end(),
            [](const KernelPackage& a, const KernelPackage& b) { return a.name < b.name; });
  return packages;
}

}  // namespace suture::host
