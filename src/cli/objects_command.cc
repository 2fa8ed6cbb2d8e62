// suture objects
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "base/json.h"
#include "builder/kbuild/kbuild.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "kit/modules_dep.h"

namespace suture::cli {
namespace {

struct SourceView {
  std::string source;
  std::vector<std::string> objects;
};
BOOST_DESCRIBE_STRUCT(SourceView, (), (source, objects))

Status check_source(const kit::Kit& kit, const std::string& source) {
  const auto path = fs::path(source).lexically_normal();
  const bool inside = path.is_relative() && path == source && *path.begin() != "..";
  std::error_code ignored;
  if (inside && fs::is_regular_file(kit.source() / path, ignored)) return {};
  return fail(Error(fmt::format("{}: is no file in the source of {}", source, kit.release))
                  .advise("give its path from the top of the kernel's source: kernel/sys.c"));
}

Result<ExitCode> run(const std::vector<std::string>& sources, const std::string& kernel, const Context& context) {
  const auto kit = TRY(kit::open_kit(kernel));
  for (const auto& source : sources) TRY(check_source(kit, source));
  const auto answers = TRY(builder::ask_kbuild(kit, sources));
  std::vector<SourceView> views;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    auto& view = views.emplace_back(SourceView{sources[i], {}});
    for (const auto& how : answers[i]) {
      if (how.in_vmlinux) view.objects.emplace_back("vmlinux");
      for (const auto& module : how.modules) view.objects.push_back(kit::module_name(module));
    }
  }
  if (context.json) {
    fmt::print("{}", json::to_text(views));
    return ExitCode::success;
  }
  for (const auto& view : views) {
    fmt::print("{:<48}  {}\n", view.source,
               view.objects.empty() ? "not compiled" : fmt::format("{}", fmt::join(view.objects, ", ")));
  }
  return ExitCode::success;
}

}  // namespace

void add_objects_command(Program& program) {
  auto sources = std::make_shared<std::vector<std::string>>();
  auto kernel = std::make_shared<std::string>();
  auto command = program.command(program.app(), "objects", "Say which objects source files are compiled into",
                                 "  suture objects net/ipv4/tcp_cubic.c fs/minix/inode.c \\\n"
                                 "    --kernel 6.1.0-53-amd64",
                                 [=](const Context& context) { return run(*sources, *kernel, context); });
  command.add_option("SOURCE", *sources, "Paths in the kernel's source tree").required();
  command.add_option("--kernel", *kernel, "Kernel release; its kit must be there").required().type_name("RELEASE");
}

}  // namespace suture::cli
