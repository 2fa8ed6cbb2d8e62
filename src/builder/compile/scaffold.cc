#include "builder/compile/scaffold.h"

#include <algorithm>

#include "base/digest.h"
#include "base/process.h"
#include "builder/kbuild/kbuild.h"
#include "builder/kbuild/kept.h"
#include "patch/emit/scaffold.h"

namespace suture::builder {
namespace {

// A module in every configuration, whose commands are taken over.
constexpr auto model = "drivers/block/loop.c";

std::vector<std::string> command_like(const std::vector<std::string>& of, const std::string& target,
                                      const fs::path& source, const fs::path& output) {
  std::vector<std::string> command;
  for (const auto& argument : of) {
    if (argument == target) {
      command.push_back(output.string());
    } else if (argument.ends_with(model)) {
      command.push_back(source.string());
    } else if (!argument.starts_with("-DKBUILD_") && !argument.starts_with("-Wp,-MMD,")) {
      command.push_back(argument);
    }
  }
  return command;
}

Status run_in_build(const kit::Kit& kit, const std::vector<std::string>& argv) {
  TRY(run_checked({.argv = argv, .directory = kit.build(), .environment = {{"LC_ALL", "C"}}, .input = {}}),
      "compiling what live patches share for {}", kit.release);
  return {};
}

}  // namespace

Result<elf::Object> compile_scaffold(const kit::Kit& kit) {
  const auto answers = TRY(ask_kbuild(kit, {model}));
  if (answers.front().empty() || answers.front().front().modules.empty())
    return fail("{}: the kernel has no module {} to learn from", kit.release, model);
  const auto& how = answers.front().front();

  Digest digest;
  const auto sources = patch::scaffold_sources();
  for (const auto& source : sources) digest.add(source.text);
  for (const auto* command : {&how.compile, &how.objtool}) {
    for (const auto& argument : *command) digest.add(argument);
    digest.add("");
  }
  digest.add(kit.compiler_version);
  const auto path = kit.cache() / ("scaffold-" + digest.hex());
  auto object = read_kept(path);
  if (!object) {
    const auto directory = TRY(TempDir::make());
    for (const auto& source : sources) TRY(write_text(directory.path() / source.name, source.text));
    const auto output = directory.path() / "scaffold.o";
    auto compile = command_like(how.compile, how.target, directory.path() / sources.front().name, output);
    for (const auto* define : {"-DKBUILD_MODNAME=\"suture\"", "-DKBUILD_BASENAME=\"suture\"",
                               "-DKBUILD_MODFILE=\"suture\"", "-D__KBUILD_MODNAME=kmod_suture", "-g0"}) {
      compile.emplace_back(define);
    }
    // __FILE__ must not depend on where this is compiled.
    compile.push_back(fmt::format("-fmacro-prefix-map={}/=suture/", directory.path().string()));
    TRY(run_in_build(kit, compile));
    if (!how.objtool.empty()) TRY(run_in_build(kit, command_like(how.objtool, how.target, {}, output)));
    object = TRY(read_file(output));
    TRY(keep(path, *object));
  }
  return elf::read_object(*object, path.string());
}

}  // namespace suture::builder
