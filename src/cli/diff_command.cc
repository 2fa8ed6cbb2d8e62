// suture diff: two compiled objects in, the object that holds what changed out.
#include "cli/accept_option.h"
#include "cli/command.h"
#include "cli/commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>

#include "base/file.h"
#include "base/json.h"
#include "patch/bind/bind.h"
#include "patch/diff.h"

namespace suture::cli {
namespace {

struct DiffArguments {
  std::string original;
  std::string patched;
  std::string output;
  std::string object = "vmlinux";
  std::string symbols;
  std::string overlaid;
  std::vector<std::string> entry_sizes, accepted;
};

// What --json says; the names are promised.
struct FunctionView {
  std::string name, original, why, difference, through;
  std::optional<std::uint64_t> position;  // of the original among the shipped symbols of its name, with --symbols
};
struct RefusalView {
  std::string code, place, reason, advice;
};
struct WarningView {
  std::string code, place, reason;
};
struct DiffView {
  std::string outcome, object;
  std::vector<FunctionView> functions;
  std::vector<std::string> references;
  std::vector<RefusalView> refusals;
  std::vector<WarningView> warnings;
  std::map<std::string, double> seconds;
};
BOOST_DESCRIBE_STRUCT(FunctionView, (), (name, original, why, difference, through, position))
BOOST_DESCRIBE_STRUCT(RefusalView, (), (code, place, reason, advice))
BOOST_DESCRIBE_STRUCT(WarningView, (), (code, place, reason))
BOOST_DESCRIBE_STRUCT(DiffView, (), (outcome, object, functions, references, refusals, warnings, seconds))

class Stopwatch {
 public:
  double lap() {
    const auto now = std::chrono::steady_clock::now();
    return std::chrono::duration<double>(now - std::exchange(last_, now)).count();
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

Result<patch::EntrySizes> parse_entry_sizes(const std::vector<std::string>& options) {
  patch::EntrySizes sizes;
  for (const auto& option : options) {
    const auto equals = option.rfind('=');
    const auto digits = equals == std::string::npos ? std::string() : option.substr(equals + 1);
    if (digits.empty() || digits.size() > 4 || digits.find_first_not_of("0123456789") != std::string::npos ||
        std::stoul(digits) == 0) {
      return fail(Error(fmt::format("--entry-size {}: is not SECTION=N", option))
                      .advise("for example: --entry-size .altinstructions=14"));
    }
    sizes[option.substr(0, equals)] = std::stoul(digits);
  }
  return sizes;
}

Result<elf::Object> read_object(const std::string& path) {
  const auto bytes = TRY(read_file(path));
  return elf::read_object(bytes, path);
}

void print(const DiffView& view, const std::string& output) {
  for (const auto& function : view.functions) {
    const auto where = function.position ? fmt::format(" (position {})", *function.position) : std::string();
    const auto what = function.through.empty() ? function.difference : "calls " + function.through;
    fmt::print("{:<8} {}{}{}\n", function.why, function.name, where, what.empty() ? "" : ": " + what);
  }
  for (const auto& warning : view.warnings)
    fmt::print("warning  {}: {}\n         {}\n", warning.code, warning.place, warning.reason);
  for (const auto& refusal : view.refusals) {
    fmt::print("refused  {}: {}\n         {}\n         advice: {}\n", refusal.code, refusal.place, refusal.reason,
               refusal.advice);
  }
  if (view.outcome == "built") fmt::print("wrote {}\n", output);
  if (view.outcome == "no change") fmt::print("no change: both objects do the same\n");
}

DiffView view_of(const patch::Delta& delta, const patch::Bound& bound, const std::string& object) {
  DiffView view{.outcome = "built",
                .object = object,
                .functions = {},
                .references = {},
                .refusals = {},
                .warnings = {},
                .seconds = {}};
  for (const auto& function : delta.functions) {
    FunctionView described{function.name,       function.original, std::string(to_string(function.why)),
                           function.difference, function.through,  std::nullopt};
    if (const auto it = bound.positions.find(function.name); it != bound.positions.end())
      described.position = it->second;
    view.functions.push_back(std::move(described));
  }
  for (const auto& symbol : delta.object.symbols) {
    if (symbol.section == SHN_UNDEF || symbol.section == elf::shn_livepatch) view.references.push_back(symbol.name);
  }
  std::erase(view.references, "");  // the null symbol
  for (const auto* refusals : {&delta.refusals, &bound.refusals}) {
    for (const auto& r : *refusals) view.refusals.push_back({r.code, r.place, r.reason, r.advice});
  }
  for (const auto& w : delta.warnings) view.warnings.push_back({w.code, w.place, w.reason});
  if (!view.refusals.empty()) {
    view.outcome = "refused";
  } else if (!delta.has_changes()) {
    view.outcome = "no change";
  }
  return view;
}

// The loader reads from here which namespaces a module imports.
void add_namespaces(patch::Delta& delta) {
  elf::Section section{.name = ".modinfo", .flags = SHF_ALLOC};
  for (const auto& name : delta.namespaces) {
    const auto entry = fmt::format("import_ns={}", name);
    section.data.insert(section.data.end(), entry.begin(), entry.end());
    section.data.push_back(0);
  }
  section.size = section.data.size();
  if (section.size != 0) delta.object.add(std::move(section));
}

Result<ExitCode> diff(const DiffArguments& arguments, const Context& context) {
  const auto sizes = TRY(parse_entry_sizes(arguments.entry_sizes));
  std::optional<patch::SymbolList> shipped;
  Stopwatch watch;
  auto original = TRY(read_object(arguments.original));
  auto patched = TRY(read_object(arguments.patched));
  std::optional<elf::Object> overlaid;
  if (!arguments.overlaid.empty()) overlaid = TRY(read_object(arguments.overlaid));
  if (!arguments.symbols.empty()) {
    const auto text = TRY(read_text(arguments.symbols));
    shipped = TRY(patch::SymbolList::parse(text, arguments.symbols));
  }
  const patch::Unit unit{.source = arguments.original,
                         .object = arguments.object,
                         .original = std::move(original),
                         .patched = std::move(patched),
                         .overlaid = overlaid ? &*overlaid : nullptr,
                         .accepted = {arguments.accepted.begin(), arguments.accepted.end()}};
  const auto reading = watch.lap();
  auto delta = TRY(patch::diff(unit, sizes));
  const auto diffing = watch.lap();
  patch::Bound bound;
  if (shipped && delta.refusals.empty()) bound = patch::bind(delta, unit.original, *shipped, arguments.object);
  const auto binding = watch.lap();
  auto view = view_of(delta, bound, arguments.object);
  if (view.outcome == "built") {
    add_namespaces(delta);
    const auto bytes = TRY(elf::write_object(delta.object));
    TRY(write_file(arguments.output, bytes));
  }
  view.seconds = {{"read", reading}, {"diff", diffing}, {"bind", binding}, {"write", watch.lap()}};
  if (context.json) {
    fmt::print("{}", json::to_text(view));
  } else {
    print(view, arguments.output);
  }
  if (view.outcome == "refused") return ExitCode::refused;
  return view.outcome == "no change" ? ExitCode::no_change : ExitCode::success;
}

}  // namespace

void add_diff_command(Program& program) {
  const auto arguments = std::make_shared<DiffArguments>();
  auto command = program.command(program.app(), "diff", "Cut out of two compiled objects what a live patch must carry",
                                 "  suture diff orig/cmdline.o patched/cmdline.o -o out.o\n"
                                 "  readelf -s --wide vmlinux > symbols\n"
                                 "  suture diff orig.o patched.o -o out.o --symbols symbols\n"
                                 "  suture diff orig.o patched.o -o out.o --object nf_tables \\\n"
                                 "    --entry-size .altinstructions=14 --json\n"
                                 "\n"
                                 "Compile both with -ffunction-sections -fdata-sections. Nothing is written when\n"
                                 "nothing changed (exit 3), or when the change is refused (exit 4).",
                                 [arguments](const Context& context) { return diff(*arguments, context); });
  command.add_option("ORIG.o", arguments->original, "Compiled from the source that the running kernel was built from")
      .required();
  command.add_option("PATCHED.o", arguments->patched, "Compiled the same way from the fixed source").required();
  command.add_option("-o,--output", arguments->output, "Object to write").required().type_name("OUT.o");
  command.add_option("--object", arguments->object, "What is patched: vmlinux, or a module's name")
      .type_name("NAME")
      .show_default();
  command
      .add_option("--symbols", arguments->symbols,
                  "What readelf -s --wide prints of the shipped image; references become livepatch symbols")
      .type_name("FILE");
  command
      .add_option("--entry-size", arguments->entry_sizes,
                  "Bytes an entry of a special section has, where the objects do not tell")
      .type_name("SECTION=N");
  command
      .add_option("--overlaid", arguments->overlaid,
                  "PATCHED.o, compiled to read variables where vmlinux has constants that it fills in at boot (6.12)")
      .type_name("FILE.o");
  add_accept_option(command, arguments->accepted);
}

}  // namespace suture::cli
