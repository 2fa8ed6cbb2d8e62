#include "check/check.h"

#include "check/checks.h"
#include "check/patch_tables.h"

namespace suture::check {

Result<CheckReport> check_module(ByteView file, std::string_view name, const Shipped& shipped) {
  CheckReport report{.module = {}, .kernel = shipped.release(), .findings = {}, .notes = {}, .examined = {}};
  const auto bytes = strip_signature(file).module;
  TRY(check_elf(bytes, name, report));
  const auto module = TRY(ModuleFile::parse(bytes, name));
  report.module = module.modinfo("name").value_or(std::string(name));

  const auto layout = TRY(PatchLayout::of(shipped));
  const Code code(module);
  const auto patch = read_patch_tables(module, code, layout);
  const Context context{.module = module, .code = code, .shipped = shipped, .report = report};

  check_this_module(context);
  check_modinfo(context);
  check_imports(context);
  check_relocations(context);
  check_sections(context);

  check_patch(context, patch);
  check_livepatch_symbols(context);
  check_reachability(context, patch);
  check_positions(context, patch);
  check_identity(context, patch);
  check_left_by_jumps(context, patch);

  check_code_tables(context);
  check_coverage(context);
  check_traps(context, patch);
  check_indirect_targets(context, patch);
  check_call_padding(context);
  check_runtime_constants(context, patch);
  check_unwinding(context);
  return report;
}

}  // namespace suture::check
