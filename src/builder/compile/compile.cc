#include "builder/compile/compile.h"

#include <algorithm>
#include <chrono>

#include "base/digest.h"
#include "base/process.h"
#include "builder/compile/expanded_text.h"
#include "builder/fix/line_marks.h"
#include "builder/kbuild/dependencies.h"
#include "builder/sources/shadow_tree.h"
#include "kit/toolchain.h"

namespace suture::builder {
namespace {

constexpr std::string_view dependency_option = "-Wp,-MMD,";

std::string first_line(std::string_view text) { return std::string(text.substr(0, text.find('\n'))); }

std::string_view name_of(Layout layout) {
  switch (layout) {
    case Layout::shipped:
      return "shipped";
    case Layout::sectioned:
      return "sectioned";
    case Layout::typed:
      return "typed";
    case Layout::expanded:
      return "expanded";
  }
  return "?";
}

// What a layout asks of the compiler besides kbuild's own options, which speak of no debug information then.
std::vector<std::string> options_of(Layout layout) {
  switch (layout) {
    case Layout::shipped:
      return {"-g1"};
    case Layout::sectioned:
      return {"-ffunction-sections", "-fdata-sections"};
    case Layout::typed:
      return {"-ffunction-sections", "-fdata-sections", "-gbtf"};
    case Layout::expanded:
      return {};
  }
  return {};
}

// Debug information of every format; no other option of GCC begins so.
bool is_debug_option(std::string_view argument) { return argument.starts_with("-g"); }

Compiled from_cache(CachedObject&& cached) {
  return {.object = std::move(cached.object),
          .dependencies = std::move(cached.dependencies),
          .warnings = std::move(cached.warnings),
          .from_cache = true};
}

// What the compiler said, in the words of the kernel's tree.
std::string quote(const std::string& said) {
  constexpr std::size_t most = 4000;
  return said.size() <= most ? said : said.substr(0, most) + "…";
}

}  // namespace

/// One run of the compiler and objtool.
struct Compiler::Job {
  const KbuildObject& object;
  std::vector<std::string> compile;  ///< KbuildObject::compile, perhaps redirected
  Layout layout;
  std::function<std::string(std::string_view)> file_name;  ///< where a file that the compiler names lies
};

Compiler::Compiler(kit::Kit kit, fs::path source, std::string toolchain)
    : kit_(std::move(kit)),
      source_(std::move(source)),
      toolchain_(std::move(toolchain)),
      cache_(kit_.cache() / "objects") {}

Result<Compiler> Compiler::open(const kit::Kit& kit) {
  TRY(kit::check_compiler(kit.compiler, kit.compiler_version));
  const auto assembler = TRY(run_checked({.argv = {"as", "--version"}, .environment = {}, .input = {}}),
                             "asking the assembler for its version (package \"binutils\")");
  std::error_code code;
  auto source = fs::canonical(kit.source(), code);
  if (code) return fail("{}: {}", kit.source().string(), code.message());
  const auto objtool = sha256_file(kit.build() / "tools/objtool/objtool");
  return Compiler(
      kit, std::move(source),
      Digest().add(kit.compiler_version).add(first_line(assembler.output)).add(objtool ? *objtool : "none").hex());
}

std::string Compiler::key(const KbuildObject& object, Layout layout, const std::vector<PatchedFile>& fix) const {
  Digest digest;
  digest.add(toolchain_).add(name_of(layout));
  for (const auto& option : options_of(layout)) digest.add(option);
  for (const auto* command : {&object.compile, &object.objtool}) {
    for (const auto& argument : *command) digest.add(argument);
    digest.add("");
  }
  for (const auto& file : fix) digest.add(file.path).add(file.patched);
  return digest.hex();
}

// The compiler spells files relative to build/, or as absolute paths in the source tree.
fs::path Compiler::path_of(std::string_view file) const { return (kit_.build() / file).lexically_normal(); }

const PatchedFile* Compiler::find(const std::string& file, const std::vector<PatchedFile>& fix) const {
  const auto path = path_of(file);
  const auto found = std::ranges::find_if(fix, [&](const PatchedFile& one) { return path == source_ / one.path; });
  return found == fix.end() ? nullptr : &*found;
}

std::string Compiler::digest_of(const std::string& dependency, const std::vector<PatchedFile>& fix) const {
  const auto* patched = find(dependency, fix);
  return patched != nullptr ? sha256_hex(as_bytes(patched->patched)) : digests_->of(path_of(dependency));
}

bool Compiler::has_read(const Compiled& compiled, const std::vector<PatchedFile>& fix) const {
  return std::ranges::any_of(compiled.dependencies,
                             [&](const std::string& dependency) { return find(dependency, fix) != nullptr; });
}

Result<Compiled> Compiler::run_compiler(const Job& job) const {
  const auto directory = TRY(TempDir::make());
  const auto output = (directory.path() / "object.o").string();
  const auto dependencies = (directory.path() / "object.d").string();

  std::vector<std::string> compile;
  for (const auto& argument : job.compile) {
    if (argument == job.object.target) {
      compile.push_back(output);
    } else if (argument.starts_with(dependency_option)) {
      compile.push_back(fmt::format("{}{}", dependency_option, dependencies));
    } else if (job.layout == Layout::expanded && argument == "-c") {
      compile.emplace_back("-E");
    } else if (!is_debug_option(argument)) {
      compile.push_back(argument);
    }
  }
  for (auto& option : options_of(job.layout)) compile.push_back(std::move(option));
  auto objtool = job.layout == Layout::expanded ? std::vector<std::string>() : job.object.objtool;
  std::ranges::replace(objtool, job.object.target, output);

  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::string> said;  // by each
  for (const auto& argv : {compile, objtool}) {
    if (argv.empty()) continue;
    const auto finished = TRY(
        run({.argv = argv, .directory = kit_.build(), .environment = {{"LC_ALL", "C"}}, .inherit_environment = false}));
    cpu_seconds_->fetch_add(finished.cpu_seconds);
    if (!finished.ok()) return fail("{}: {} failed:\n{}", job.object.source, argv[0], quote(finished.errors));
    said.push_back(finished.errors);
  }
  Compiled compiled;
  compiled.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  compiled.object = TRY(read_file(output));
  if (job.layout == Layout::expanded) {
    const auto digest = digest_of_expanded(as_text(compiled.object), job.file_name);
    compiled.object.assign(digest.begin(), digest.end());
  }
  const auto rule = TRY(read_text(dependencies));
  compiled.dependencies = TRY(parse_dependencies(rule, dependencies));
  compiled.warnings = compiler_warnings(said.front(), [&](std::string_view file) {
    const auto path = fs::path(job.file_name(file)).lexically_relative(source_);
    return path.empty() || *path.begin() == ".." ? std::string(file) : path.string();
  });
  for (auto& each : objtool_warnings(said.back(), job.object.source)) compiled.warnings.push_back(std::move(each));
  std::ranges::sort(compiled.warnings);
  return compiled;
}

Result<Compiled> Compiler::original(const KbuildObject& object, Layout layout) const {
  const auto digest = [this](const std::string& dependency) { return digest_of(dependency, {}); };
  const auto name = key(object, layout, {});
  if (auto cached = cache_.load(name, digest)) {
    return from_cache(std::move(*cached));
  }
  const auto file_name = [this](std::string_view file) { return path_of(file).string(); };
  auto compiled =
      TRY(run_compiler({.object = object, .compile = object.compile, .layout = layout, .file_name = file_name}));
  TRY(cache_.store(name, {compiled.object, compiled.dependencies, compiled.warnings}, digest));
  return compiled;
}

// The fix's files keep the original's line numbers (keep_line_numbers()), with which the compiler quotes
// other lines than those that it means. So it is asked once more.
Error Compiler::explain(const Error& error, const KbuildObject& object, Layout layout, std::vector<PatchedFile> fix,
                        const std::vector<std::string>& files) const {
  for (auto& file : fix) file.patched = true_line_numbers(file.patched);
  auto said = error.message();
  if (const auto tree = ShadowTree::make(source_, files, fix, Linked::all)) {
    const auto again = run_compiler({.object = object,
                                     .compile = tree->redirect(object.compile),
                                     .layout = layout,
                                     .file_name = [](std::string_view file) { return std::string(file); }});
    if (!again) said = tree->hide_root(again.error().message());
  }
  return Error("with the fix, " + said);
}

// With the few links that are needed by the text of the files, the compile may still have read an original of
// a file that the fix changes, or have missed a file: macros make names of includes too. Then all that the
// original's compile read is linked, and whatever this one read beside it.
Result<Compiled> Compiler::run_patched(const KbuildObject& object, Layout layout, const std::vector<PatchedFile>& fix,
                                       std::vector<std::string> files) const {
  constexpr int most_attempts = 8;
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    const auto linked = attempt == 0 ? Linked::needed : Linked::all;
    const auto tree = TRY(ShadowTree::make(source_, files, fix, linked));
    const auto file_name = [&](std::string_view file) {
      const auto path = tree.path_in_kernel(file);
      return path ? (source_ / *path).string() : path_of(file).string();
    };
    auto compiled = run_compiler(
        {.object = object, .compile = tree.redirect(object.compile), .layout = layout, .file_name = file_name});
    if (!compiled && linked == Linked::needed) continue;
    if (!compiled) return fail(explain(Error(tree.hide_root(compiled.error().message())), object, layout, fix, files));
    const auto around = tree.read_around(compiled->dependencies);
    const bool read_original = std::ranges::any_of(around, [&](const std::string& file) {
      return std::ranges::find(fix, tree.path_in_kernel(file), &PatchedFile::path) != fix.end();
    });
    if (!read_original) {
      for (auto& dependency : compiled->dependencies) {
        if (const auto path = tree.path_in_kernel(dependency)) dependency = (source_ / *path).string();
      }
      return compiled;
    }
    files.insert(files.end(), around.begin(), around.end());
  }
  return fail("{}: some include always leads to the unfixed version of a file in the fix", object.source);
}

Result<Compiled> Compiler::patched(const KbuildObject& object, Layout layout, const std::vector<PatchedFile>& fix,
                                   const std::vector<std::string>& original_files) const {
  const auto digest = [&](const std::string& dependency) { return digest_of(dependency, fix); };
  const auto name = key(object, layout, fix);
  if (auto cached = cache_.load(name, digest)) {
    return from_cache(std::move(*cached));
  }
  auto compiled = TRY(run_patched(object, layout, fix, original_files));
  TRY(cache_.store(name, {compiled.object, compiled.dependencies, compiled.warnings}, digest));
  return compiled;
}

Result<elf::Object> read_shipped(ByteView object, const std::string& name) {
  auto shipped = TRY(elf::read_object(object, name));
  for (auto& section : shipped.sections) {
    if (section.name.starts_with(".debug_")) section = {};
  }
  return shipped;
}

Result<bool> equal_but_for_types(ByteView a, ByteView b, const std::string& source) {
  if (std::ranges::equal(a, b)) return true;
  const auto code_of = [&](ByteView file) -> Result<elf::Object> {
    auto object = TRY(elf::read_object(file, source));
    if (const auto types = object.find_section(".BTF"); types != 0) object.sections[types] = {};
    return object;
  };
  const auto before = TRY(code_of(a));
  const auto after = TRY(code_of(b));
  return before.sections == after.sections && before.symbols == after.symbols;
}

}  // namespace suture::builder
