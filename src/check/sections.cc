// Sections that the loader, or a subsystem that watches modules come, acts on: each would do
// something that a live patch does not say it does. A source file's own are left behind when a live
// patch is made of it.
#include <algorithm>
#include <array>

#include "check/checks.h"

namespace suture::check {
namespace {

struct Unwanted {
  std::string_view prefix;
  std::string_view meaning;
};

constexpr std::array<Unwanted, 20> unwanted = {{
    {"___ksymtab", "exports of a source file, before linking"},
    {"__ksymtab", "exports, which the original already makes"},
    {"__kcrctab", "exports, which the original already makes"},
    {".export_symbol", "exports of a source file, before linking"},
    {".initcall", "init functions of the kernel's own start"},
    {".con_initcall", "init functions of the kernel's own start"},
    {".discard", "notes for objtool"},
    {"__param", "module parameters, which the original already has"},
    {"__kcsan", "a sanitizer's data"},
    {".ctors", "constructors, which run before init"},
    {".init_array", "constructors, which run before init"},
    {".BTF_ids", "numbers of types, which are those of another object"},
    {"_ftrace_events", "trace events, which the original already defines"},
    {"__tracepoints_ptrs", "tracepoints, which the original already defines"},
    {"__bpf_raw_tp_map", "tracepoints, which the original already defines"},
    {"_kprobe_blacklist", "functions that must not be probed"},
    {"_error_injection_whitelist", "functions that errors may be injected into"},
    {".kunit_test_suites", "unit tests"},
    {".ibt_endbr_seal", "functions whose address nobody takes, which only the original's linker can know"},
    {"runtime_", "constants that the kernel fixes at boot, and only in vmlinux"},
}};

}  // namespace

void check_sections(const Context& context) {
  for (const auto& section : context.module.sections()) {
    if (!section.is_allocated() || section.size == 0) continue;
    if (section.is_code() && section.is_writable())
      context.finding("section-writable-code", section.name,
                      "is both writable and executable, which the loader refuses");
    const auto found = std::find_if(unwanted.begin(), unwanted.end(),
                                    [&](const Unwanted& each) { return section.name.starts_with(each.prefix); });
    if (found != unwanted.end()) context.finding("section-unwanted", section.name, "holds {}", found->meaning);
  }
}

}  // namespace suture::check
