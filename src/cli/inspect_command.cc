// suture inspect
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

#include "base/file.h"
#include "base/json.h"
#include "check/inspect.h"
#include "cli/command.h"
#include "cli/commands.h"

namespace suture::cli {
namespace {

void line(std::string_view key, std::string_view value) {
  if (!value.empty()) fmt::print("{:<12}{}\n", key, value);
}

std::string name_and_position(const std::string& name, std::uint64_t position) {
  return position == 0 ? name : fmt::format("{},{}", name, position);
}

void print_head(const check::Inspection& module) {
  line("name", module.name);
  line("kernel", module.release);
  line("vermagic", module.vermagic);
  line("build-id", module.build_id);
  if (!module.is_live_patch)
    line("kind", "not a live patch: .modinfo has no livepatch");
  else
    line("kind", module.replaces ? "live patch, replaces all others" : "live patch, adds to others");
  line("signature", module.signature == 0 ? "none" : fmt::format("{} bytes", module.signature));
  const auto& sizes = module.sizes;
  line("bytes", fmt::format("code {}, read-only {}, data {}, tables {}, init {}, file {}", sizes.code, sizes.read_only,
                            sizes.data, sizes.tables, sizes.init, sizes.file));
}

void print_objects(const check::Inspection& module) {
  for (const auto& object : module.objects) {
    fmt::print("\nobject {}{}\n", object.name, object.build_id.empty() ? "" : ", build-id " + object.build_id);
    for (const auto& each : object.functions)
      fmt::print("  {:<40}  {:>7} bytes{}\n", name_and_position(each.name, each.position), each.size,
                 each.replacement.empty()        ? ", replaced by nothing known"
                 : each.replacement == each.name ? ""
                                                 : ", replaced by " + each.replacement);
    for (const auto& each : object.callbacks)
      fmt::print("  {:<40}  {}\n", each.kind + " callback", each.function.empty() ? "unknown" : each.function);
  }
  for (const auto& state : module.states) fmt::print("\nstate {}, version {}\n", state.id, state.version);
}

void print_symbols(const check::Inspection& module) {
  if (!module.imports.empty()) fmt::print("\nimports\n");
  for (const auto& each : module.imports)
    fmt::print("  {:<40}  {}\n", each.symbol, each.crc.empty() ? "no version" : each.crc);
  if (!module.livepatch_symbols.empty()) fmt::print("\nsymbols that livepatch finds\n");
  for (const auto& each : module.livepatch_symbols)
    fmt::print("  {:<40}  {}\n", name_and_position(each.name, each.position), each.object);
  if (!module.modinfo.empty()) fmt::print("\nmodinfo\n");
  for (const auto& each : module.modinfo) fmt::print("  {}={}\n", each.key, each.value);
  for (const auto& each : module.problems) fmt::print("\ncannot be read: {}\n", each);
}

Result<ExitCode> inspect(const std::string& path, const Context& context) {
  const auto file = TRY(read_file(path));
  const auto module = TRY(check::inspect_module(file, path));
  if (context.json) {
    fmt::print("{}", json::to_text(module));
    return ExitCode::success;
  }
  print_head(module);
  print_objects(module);
  print_symbols(module);
  return ExitCode::success;
}

}  // namespace

void add_inspect_command(Program& program) {
  const auto file = std::make_shared<std::string>();
  program
      .command(program.app(), "inspect", "Say what a live patch holds, from its file alone",
               "  suture inspect livepatch_fix.ko\n"
               "  suture inspect livepatch_fix.ko --json | jq '.objects[].functions[].name'",
               [file](const Context& context) { return inspect(*file, context); })
      .add_option("FILE", *file, "The live patch, a .ko file")
      .required();
}

}  // namespace suture::cli
