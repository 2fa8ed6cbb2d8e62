// .modinfo: strings that the loader, livepatch and kmod act on.
#include <algorithm>
#include <array>
#include <set>
#include <sstream>

#include "check/checks.h"

namespace suture::check {
namespace {

// license_is_gpl_compatible(), include/linux/license.h
constexpr std::array<std::string_view, 6> gpl_compatible = {"GPL",          "GPL v2",       "GPL and additional rights",
                                                            "Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL"};

std::set<std::string> values(const ModuleFile& module, std::string_view key) {
  std::set<std::string> all;
  for (auto& entry : module.modinfo())
    if (entry.key == key) all.insert(std::move(entry.value));
  return all;
}

void expect(const Context& context, std::string_view id, std::string_view key, std::string_view value,
            std::string_view why) {
  const auto found = context.module.modinfo(key);
  if (!found)
    context.finding(id, ".modinfo", "has no {}; '{}' is expected: {}", key, value, why);
  else if (*found != value)
    context.finding(id, ".modinfo", "has {} '{}', '{}' is expected: {}", key, *found, value, why);
}

void check_license(const Context& context) {
  const auto license = context.module.modinfo("license");
  if (!license)
    context.finding("modinfo-license", ".modinfo", "has no license, so the loader denies it GPL-only symbols");
  else if (std::find(gpl_compatible.begin(), gpl_compatible.end(), *license) == gpl_compatible.end())
    context.finding("modinfo-license", ".modinfo", "has license '{}', with which the loader denies it GPL-only symbols",
                    *license);
}

/// What is imported from modules must be loaded first (depends), what is in a namespace declared.
void check_imports_declared(const Context& context) {
  std::set<std::string> modules;
  std::set<std::string> namespaces;
  for (const auto& symbol : context.module.symbols()) {
    if (symbol.section != SHN_UNDEF || symbol.name.empty()) continue;
    const auto* exported = context.shipped.find_export(symbol.name);
    if (exported == nullptr) continue;
    if (exported->module_name != "vmlinux") modules.insert(exported->module_name);
    if (!exported->ns.empty()) namespaces.insert(exported->ns);
  }
  const auto imported = values(context.module, "import_ns");
  for (const auto& each : namespaces)
    if (!imported.contains(each))
      context.finding("modinfo-namespace", ".modinfo", "has no import_ns '{}', which the module's imports need", each);

  std::set<std::string> depends;
  std::istringstream list(context.module.modinfo("depends").value_or(""));
  for (std::string each; std::getline(list, each, ',');) {
    std::replace(each.begin(), each.end(), '-', '_');
    depends.insert(each);
  }
  for (const auto& each : modules)
    if (!depends.contains(each))
      context.finding("modinfo-depends", ".modinfo", "depends does not name {}, from which the module imports", each);
  for (const auto& each : depends)
    if (!modules.contains(each))
      context.finding("modinfo-depends", ".modinfo", "depends names {}, from which the module imports nothing", each);
}

}  // namespace

void check_modinfo(const Context& context) {
  const auto& sections = context.module.sections();
  const auto count =
      std::count_if(sections.begin(), sections.end(), [](const Section& each) { return each.name == ".modinfo"; });
  const Section* section = context.module.find(".modinfo");
  if (count != 1 || section == nullptr) {
    context.finding("modinfo-section", ".modinfo", "exactly one such section in memory is expected, {} found", count);
    return;
  }
  if (section->data.empty() || section->data.back() != 0)
    context.finding("modinfo-section", ".modinfo", "does not end in a NUL");

  if (!context.module.modinfo("livepatch"))
    context.finding("modinfo-livepatch", ".modinfo",
                    "has no livepatch=Y, so the loader takes it for an ordinary module");
  check_license(context);
  expect(context, "modinfo-vermagic", "vermagic", context.shipped.vermagic(),
         "that is what this kernel's own modules have");
  if (!context.module.modinfo("name")) context.finding("modinfo-name", ".modinfo", "has no name");
  if (!context.shipped.symbols("__retpoline_sites").empty())
    expect(context, "modinfo-retpoline", "retpoline", "Y", "the kernel is built with retpolines");
  for (const auto& [key, meaning] :
       {std::pair<std::string_view, std::string_view>{"intree", "it was shipped with the kernel"},
        {"staging", "it is a staging driver"},
        {"test", "it is a test"}})
    if (context.module.modinfo(key))
      context.finding("modinfo-false", ".modinfo", "has {}, which says that {}", key, meaning);
  check_imports_declared(context);
}

}  // namespace suture::check
