#include "builder/compile/key_reading.h"

#include <algorithm>
#include <array>

#include "base/parallel.h"
#include "patch/match/match.h"

namespace suture::builder {
namespace {

constexpr std::string_view jump_label = "arch/x86/include/asm/jump_label.h";
constexpr std::array<std::string_view, 3> codes{"module-static-key", "module-pr-debug", "module-tracepoint"};

// A test's instruction, and the section that it is listed in. The header's inline assembly begins the
// instruction with "1:", and knows the key as %c0. The lowest bit of %c1 says that the jump is taken
// while the key is off; enabled is struct static_key's first member, and not 0 while the key is on
// (static_key_count(), include/linux/jump_label.h).
constexpr std::string_view test = "\"jmp %l[l_yes]";
constexpr std::string_view read = "\"suture_read_key %c0, %c1, %l[l_yes]";
constexpr std::string_view table = "__jump_table";

constexpr std::string_view macro = R"(#ifndef SUTURE_READ_KEY
#define SUTURE_READ_KEY
#ifndef __ASSEMBLY__
asm(".macro suture_read_key key branch target\n"
    "cmpl $0, \\key(%rip)\n"
    ".if \\branch & 1\n"
    "je \\target\n"
    ".else\n"
    "jne \\target\n"
    ".endif\n"
    ".endm");
#endif
#endif
)";

std::size_t replace_all(std::string& text, std::string_view from, std::string_view to) {
  std::size_t count = 0;
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()), ++count)
    text.replace(at, from.size(), to);
  return count;
}

std::optional<std::string> reading_header(std::string text) {
  if (replace_all(text, table, patch::read_keys_section) != 1 || replace_all(text, test, read) != 2)
    return std::nullopt;
  return std::string(macro) + text;
}

bool defines(const image::ShippedModule& module, const std::string& name) {
  return std::ranges::any_of(module.object().symbols, [&](const elf::Symbol& symbol) {
    return symbol.is_defined() && !symbol.is_local() && symbol.name == name;
  });
}

/// Whether the changed code tests a key of `object`, or of another module.
Result<bool> tests_keys_of(const std::string& object, const patch::Delta& delta, ShippedFiles& shipped) {
  if (object == "vmlinux") return false;
  const auto is_about_keys = [](const patch::Refusal& refusal) {
    return std::ranges::find(codes, refusal.code) != codes.end();
  };
  if (std::ranges::any_of(delta.refusals, is_about_keys)) return true;
  // Another file of the module may define the key, or another module that this one uses.
  const auto* module = TRY(shipped.module(object));
  const auto exported_by_a_module = [&](const std::string& name) {
    const auto* found = shipped.symvers().find(name);
    return found != nullptr && found->module_name != "vmlinux";
  };
  const auto& jumps = delta.object.sections[delta.object.find_section(table)];
  return std::ranges::any_of(jumps.relocations, [&](const elf::Relocation& relocation) {
    const auto& symbol = delta.object.symbols[relocation.symbol];
    return symbol.section == SHN_UNDEF && (defines(*module, symbol.name) || exported_by_a_module(symbol.name));
  });
}

struct KeyReading {
  elf::Object original, patched;
  double slowest_compile = 0;
};

/// Init code, say, which tests keys too, may be compiled in another way: it is not carried.
bool is_carried(const patch::Delta& delta, const patch::Mismatch& difference) {
  const auto whole = std::string_view(difference.function).substr(0, difference.function.find(".cold"));
  return std::ranges::any_of(delta.functions, [&](const auto& each) { return each.name == whole; });
}

/// None if that would change more than the tests of keys, or if this kernel's header is not understood.
Result<std::optional<KeyReading>> compile_reading_keys(const Compiler& compiler, const KbuildObject& how,
                                                       const std::vector<PatchedFile>& fix, const elf::Object& patched,
                                                       const patch::Delta& delta) {
  if (std::ranges::find(fix, jump_label, &PatchedFile::path) != fix.end()) return std::nullopt;
  const auto text = TRY(compiler.source_text(jump_label));
  auto replaced = reading_header(text);
  if (!replaced) return std::nullopt;
  const PatchedFile overlay{.path = std::string(jump_label), .original = text, .patched = std::move(*replaced)};
  auto both = fix;
  both.push_back(overlay);
  const auto as_it_is = TRY(compiler.original(how, Layout::typed));  // compiled already; what it read is asked for
  const std::array fixes{std::vector{overlay}, both};
  std::array<Compiled, fixes.size()> compiled;
  const auto compile = [&](std::size_t i) -> Status {
    compiled[i] = TRY(compiler.patched(how, Layout::sectioned, fixes[i], as_it_is.dependencies));
    return {};
  };
  TRY(for_each_parallel(fixes.size(), compile));
  const auto& [before, after] = compiled;
  KeyReading reading{.original = TRY(elf::read_object(before.object, how.source + " (original, reading keys)")),
                     .patched = TRY(elf::read_object(after.object, how.source + " (with the fix, reading keys)")),
                     .slowest_compile = std::max(before.seconds, after.seconds)};
  const auto differences = patch::compare_builds(patched, reading.patched);
  if (std::ranges::any_of(differences, [&](const auto& each) { return is_carried(delta, each); })) return std::nullopt;
  return reading;
}

bool replace_the_same(const patch::Delta& a, const patch::Delta& b) {
  return std::ranges::equal(a.functions, b.functions, [](const auto& f, const auto& g) {
    return f.name == g.name && f.why == g.why && f.original == g.original && f.moved == g.moved;
  });
}

}  // namespace

Result<std::optional<UnitDelta>> diff_reading_keys(const Compiler& compiler, const KbuildObject& how,
                                                   const std::vector<PatchedFile>& fix, ShippedFiles& shipped,
                                                   patch::Unit unit, const patch::Delta& delta) {
  const bool is_needed = TRY(tests_keys_of(unit.object, delta, shipped));
  if (!is_needed) return std::nullopt;
  auto reading = TRY(compile_reading_keys(compiler, how, fix, unit.patched, delta));
  if (!reading) return std::nullopt;
  unit.original = std::move(reading->original);
  unit.patched = std::move(reading->patched);
  auto delta_reading = TRY(patch::diff(unit, shipped.entry_sizes()));
  if (!replace_the_same(delta, delta_reading)) return std::nullopt;
  return UnitDelta{std::move(delta_reading), reading->slowest_compile};
}

}  // namespace suture::builder
