#include "builder/kbuild/kbuild.h"

#include <algorithm>
#include <set>

#include "base/json.h"
#include "base/process.h"
#include "base/words.h"
#include "builder/kbuild/kbuild_answer.h"
#include "builder/text.h"

namespace suture::builder {

BOOST_DESCRIBE_STRUCT(KbuildObject, (), (source, target, compile, objtool, in_vmlinux, modules))

namespace {

/// What is the same for all files of a kit.
struct KbuildFacts {
  std::map<std::string, std::string> exports;  ///< the top makefile's exported variables
  /// Source file -> objects of it that other directories make: "virt/kvm/kvm_main.c" ->
  /// "arch/x86/kvm/../../../virt/kvm/kvm_main.o".
  std::map<std::string, std::vector<std::string>> borrowed;
};
BOOST_DESCRIBE_STRUCT(KbuildFacts, (), (exports, borrowed))

// Changes when what the cached answers hold changes.
constexpr std::string_view cache_version = "2";

fs::path cache_directory(const kit::Kit& kit) { return kit.cache() / "kbuild"; }

fs::path cached_answer(const kit::Kit& kit, std::string source) {
  std::ranges::replace(source, '/', '%');
  return cache_directory(kit) / fmt::format("{}.{}.json", source, cache_version);
}

// A damaged or missing file is as good as none: it is made again.
template <typename T>
std::optional<T> load(const fs::path& path) {
  const auto text = read_text(path);
  if (!text) return std::nullopt;
  auto value = json::from_text<T>(*text, path.string());
  return value ? std::optional(std::move(*value)) : std::nullopt;
}

Command make(const kit::Kit& kit, std::vector<std::string> arguments) {
  Command command{.argv = {"make", "--no-builtin-rules", "--no-builtin-variables", "--no-print-directory", "-C",
                           kit.build().string(), "--include-dir=" + kit.source().string()},
                  .environment = {},
                  .inherit_environment = false};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  command.argv.insert(command.argv.end(), kit.make_variables.begin(), kit.make_variables.end());
  return command;
}

Result<std::map<std::string, std::string>> ask_exports(const kit::Kit& kit) {
  const auto finished = TRY(run_checked(make(kit, {"-f", (kit.source() / "Makefile").string(),
                                                   "--eval=suture-exports: ; @env -0", "suture-exports"})),
                            "asking kbuild for its variables");
  static const std::set<std::string, std::less<>> not_kbuilds = {"PATH",   "HOME",  "TMPDIR", "PWD",
                                                                 "OLDPWD", "SHLVL", "MFLAGS", "_"};
  std::map<std::string, std::string> exports;
  std::string_view rest = finished.output;
  while (!rest.empty()) {
    const auto entry = rest.substr(0, rest.find('\0'));
    rest.remove_prefix(std::min(entry.size() + 1, rest.size()));
    const auto equals = entry.find('=');
    const auto name = entry.substr(0, equals);
    if (equals == std::string_view::npos || name.starts_with("MAKE") || not_kbuilds.contains(name)) continue;
    exports.emplace(name, entry.substr(equals + 1));
  }
  if (!exports.contains("LINUXINCLUDE")) return fail("{}: its Makefile exports no LINUXINCLUDE", kit.source().string());
  return exports;
}

// Runs scripts/Makefile.build from the top directory, as the top makefile does for single targets,
// and so through the makefiles of all directories on the way, whose flags add up.
Result<Finished> run_makefile_build(const kit::Kit& kit, const KbuildFacts& facts, std::vector<std::string> arguments,
                                    const std::vector<std::string>& targets) {
  arguments.insert(arguments.end(), {"--keep-going", "-f", (kit.source() / "scripts/Makefile.build").string(), "obj=.",
                                     "need-builtin=1", "need-modorder=1", "KBUILD_MODULES=1", "KBUILD_BUILTIN=1"});
  for (const auto& target : targets) arguments.push_back("./" + target);
  auto command = make(kit, std::move(arguments));
  command.environment = facts.exports;
  return run(command);
}

// Directories whose makefile includes others or names its objects with "..": only these can use
// source files that lie elsewhere. Some 50 in 6.1.
Result<std::vector<std::string>> directories_that_may_borrow(const kit::Kit& kit) {
  std::vector<std::string> found;
  std::error_code code;
  fs::recursive_directory_iterator entries(kit.source(), code);
  if (code) return fail("{}: cannot list: {}", kit.source().string(), code.message());
  for (const auto end = fs::recursive_directory_iterator(); entries != end; entries.increment(code)) {
    if (code) return fail("{}: cannot list: {}", kit.source().string(), code.message());
    const auto relative = entries->path().lexically_relative(kit.source()).string();
    if (entries->is_directory() && (relative == "Documentation" || relative == "tools" || relative == "scripts" ||
                                    relative == "samples" || entries->is_symlink())) {
      entries.disable_recursion_pending();
      continue;
    }
    const auto name = entries->path().filename();
    if (name != "Makefile" && name != "Kbuild") continue;
    const auto text = TRY(read_text(entries->path()));
    const auto lines = lines_of(text);
    const bool may = std::ranges::any_of(lines, [](std::string_view line) {
      return trim(line).starts_with("include ") || line.find("../") != std::string_view::npos;
    });
    const auto directory = fs::path(relative).parent_path().string();
    if (may && !directory.empty()) found.push_back(directory);
  }
  return found;
}

Result<std::map<std::string, std::vector<std::string>>> ask_borrowed(const kit::Kit& kit, const KbuildFacts& facts) {
  auto targets = TRY(directories_that_may_borrow(kit));
  for (auto& target : targets) target += "/suture-borrowed";
  const auto finished = TRY(run_makefile_build(kit, facts, {borrowed_rule()}, targets));
  std::map<std::string, std::vector<std::string>> borrowed;
  for (const auto& object : parse_borrowed(finished.output)) {
    const auto source = fs::path(object).replace_extension(".c").lexically_normal().string();
    auto& objects = borrowed[source];
    if (std::ranges::find(objects, object) == objects.end()) objects.push_back(object);
  }
  return borrowed;
}

// The top makefile tries which options the compiler takes, and to it a compiler that was killed is one
// that does not take an option. Such an answer must not be kept: it is asked for twice. Every x86-64
// kernel that can be patched live is built with -mfentry, which is one of those options.
Result<std::map<std::string, std::string>> ask_exports_surely(const kit::Kit& kit) {
  auto exports = TRY(ask_exports(kit));
  const auto tracing = exports.find("CC_FLAGS_FTRACE");
  const bool knows_compiler = tracing == exports.end() || tracing->second.find("-mfentry") != std::string::npos;
  if (knows_compiler && exports == TRY(ask_exports(kit))) return exports;
  return fail(Error(fmt::format("{} does not work well enough for kbuild to learn its options", kit.compiler))
                  .advise("it may have been killed, for want of memory say: try again"));
}

Result<KbuildFacts> find_facts(const kit::Kit& kit) {
  const auto path = cache_directory(kit) / fmt::format("facts.{}.json", cache_version);
  if (auto facts = load<KbuildFacts>(path)) return std::move(*facts);
  KbuildFacts facts{.exports = TRY(ask_exports_surely(kit)), .borrowed = {}};
  facts.borrowed = TRY(ask_borrowed(kit, facts));
  TRY(write_text(path, json::to_text(facts), Sync::no));
  return facts;
}

std::vector<std::string> targets_of(const KbuildFacts& facts, const std::string& source) {
  std::vector<std::string> targets = {fs::path(source).replace_extension(".o").string()};
  if (const auto other = facts.borrowed.find(source); other != facts.borrowed.end())
    targets.insert(targets.end(), other->second.begin(), other->second.end());
  return targets;
}

Status ask(const kit::Kit& kit, const std::vector<std::string>& sources) {
  const auto facts = TRY(find_facts(kit));
  std::vector<std::string> targets;
  for (const auto& source : sources) {
    const auto these = targets_of(facts, source);
    targets.insert(targets.end(), these.begin(), these.end());
  }
  const auto finished = TRY(run_makefile_build(kit, facts, {object_rule()}, targets), "asking kbuild");
  std::map<std::string, KbuildObject> answers;
  // The makefile of a directory above may have a rule that fits, too (drivers/input has, for what is
  // in drivers/input/serio, which drivers/Makefile lists itself): the one that lists the object makes it.
  for (auto& object : TRY(parse_objects(finished.output))) {
    auto& answer = answers[object.target];
    if (answer.target.empty() || object.is_used()) answer = std::move(object);
  }

  for (const auto& source : sources) {
    std::vector<KbuildObject> objects;
    for (const auto& target : targets_of(facts, source)) {
      const auto answer = answers.find(target);
      if (answer == answers.end()) {
        TRY(check_no_rule(finished.errors, target));
        continue;
      }
      answer->second.source = source;
      objects.push_back(std::move(answer->second));
    }
    TRY(write_text(cached_answer(kit, source), json::to_text(objects), Sync::no));
  }
  return {};
}

}  // namespace

Result<std::vector<std::vector<KbuildObject>>> ask_kbuild(const kit::Kit& kit,
                                                          const std::vector<std::string>& sources) {
  std::vector<std::string> unknown;
  for (const auto& source : sources) {
    if (!load<std::vector<KbuildObject>>(cached_answer(kit, source))) unknown.push_back(source);
  }
  if (!unknown.empty()) {
    TRY(make_directories(cache_directory(kit)));
    // Generated headers are made in build/: one at a time.
    const auto lock = TRY(FileLock::take(cache_directory(kit) / "lock"));
    TRY(ask(kit, unknown));
  }
  std::vector<std::vector<KbuildObject>> answers;
  for (const auto& source : sources) {
    const auto path = cached_answer(kit, source);
    const auto text = TRY(read_text(path));
    answers.push_back(TRY(json::from_text<std::vector<KbuildObject>>(text, path.string())));
  }
  return answers;
}

}  // namespace suture::builder
