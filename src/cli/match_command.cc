// suture match: is this compiled object the shipped one?
#include "cli/command.h"
#include "cli/commands.h"

#include <fmt/format.h>

#include <memory>

#include "base/file.h"
#include "base/json.h"
#include "builder/shipped.h"
#include "image/kernel_image.h"
#include "image/shipped_module.h"
#include "kit/kit.h"
#include "kit/modules_dep.h"
#include "patch/match/match.h"

namespace suture::cli {
namespace {

struct MatchArguments {
  std::string file;
  std::string object = "vmlinux";
  std::string kernel;
};

// What --json says; the names are promised.
struct MismatchView {
  std::string function, difference;
  std::uint64_t offset = 0;
  std::string rebuilt, shipped;
};
struct SymbolView {
  std::string name;
  std::uint64_t position = 0;
};
struct MatchView {
  std::string file, object, kernel;
  std::uint64_t checked = 0;
  std::vector<std::string> matched;
  std::vector<MismatchView> mismatched;
  std::vector<SymbolView> symbols;
};
BOOST_DESCRIBE_STRUCT(MismatchView, (), (function, difference, offset, rebuilt, shipped))
BOOST_DESCRIBE_STRUCT(SymbolView, (), (name, position))
BOOST_DESCRIBE_STRUCT(MatchView, (), (file, object, kernel, checked, matched, mismatched, symbols))

Result<patch::MatchResult> match_with(const kit::Kit& kit, const std::string& object, const elf::Object& rebuilt) {
  if (object == "vmlinux") {
    const auto image = TRY(builder::open_image(kit));
    return patch::match_vmlinux(rebuilt, image, {});
  }
  const auto list = kit.modules() / "modules.dep";
  const auto text = TRY(read_file(list));
  const auto modules = TRY(kit::ModulesDep::parse(as_text(text), list.string()));
  const auto path = TRY(modules.path(object));
  const auto module = TRY(image::ShippedModule::open(kit.modules() / path));
  return patch::match_module(rebuilt, module, {});
}

MatchView view_of(const MatchArguments& arguments, const patch::MatchResult& result) {
  MatchView view{.file = arguments.file,
                 .object = arguments.object,
                 .kernel = arguments.kernel,
                 .checked = result.checked.size(),
                 .matched = result.matched,
                 .mismatched = {},
                 .symbols = {}};
  for (const auto& m : result.mismatched)
    view.mismatched.push_back({m.function, std::string(to_string(m.difference)), m.offset, m.rebuilt, m.shipped});
  for (const auto& [name, symbol] : result.symbols) view.symbols.push_back({name, symbol.position});
  return view;
}

void print(const MatchView& view) {
  fmt::print("{} against {} of {}\n", view.file, view.object, view.kernel);
  fmt::print("{:>8}  {:>8}  {:>10}\n", "CHECKED", "MATCHED", "MISMATCHED");
  fmt::print("{:>8}  {:>8}  {:>10}\n", view.checked, view.matched.size(), view.mismatched.size());
  for (const auto& mismatch : view.mismatched) {
    if (mismatch.rebuilt.empty()) {
      fmt::print("\n{}: {}: {}\n", mismatch.function, mismatch.difference, mismatch.shipped);
    } else {
      fmt::print("\n{}+{:#x}: {}\n  rebuilt  {}\n  shipped  {}\n", mismatch.function, mismatch.offset,
                 mismatch.difference, mismatch.rebuilt, mismatch.shipped);
    }
  }
}

Result<ExitCode> match(const MatchArguments& arguments, const Context& context) {
  const auto kit = TRY(kit::open_kit(arguments.kernel));
  const auto bytes = TRY(read_file(arguments.file));
  const auto rebuilt = TRY(elf::read_object(bytes, arguments.file));
  const auto result = TRY(match_with(kit, arguments.object, rebuilt));
  const auto view = view_of(arguments, result);
  if (context.json) {
    fmt::print("{}", json::to_text(view));
  } else {
    print(view);
  }
  return view.mismatched.empty() ? ExitCode::success : ExitCode::refused;
}

}  // namespace

void add_match_command(Program& program) {
  const auto arguments = std::make_shared<MatchArguments>();
  auto command =
      program.command(program.app(), "match", "Compare every function of a compiled object with the shipped kernel's",
                      "  suture match tcp_cubic.o --kernel 6.1.0-53-amd64\n"
                      "  suture match fs/ext4/inode.o --object ext4 --kernel 6.1.0-53-amd64 --json",
                      [arguments](const Context& context) { return match(*arguments, context); });
  command.add_option("FILE.o", arguments->file, "Compiled as the kernel's build does it: without section flags")
      .required();
  command.add_option("--object", arguments->object, "The module that the object is part of, or vmlinux")
      .type_name("NAME")
      .show_default();
  command.add_option("--kernel", arguments->kernel, "Kernel release of a kit").type_name("RELEASE").required();
}

}  // namespace suture::cli
