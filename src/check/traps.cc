// A WARN() or BUG() is a ud2 that __bug_table lists (arch/x86/include/asm/bug.h). One that lost its entry
// is an invalid instruction for the kernel: where a warning was meant, the task dies.
//
// A few have none: GCC ends paths that it takes for impossible with one, and Xen's emulated CPUID begins
// with one. They are accepted as far as the shipped function, with its cold part, has as many.
#include <algorithm>
#include <map>
#include <set>

#include "check/checks.h"
#include "check/code_site.h"
#include "check/object_symbols.h"

namespace suture::check {
namespace {

class Traps {
 public:
  Traps(const Context& context, const PatchTables& patch) : context_(context), patch_(patch) {
    if (const auto layout = context.shipped.layout("bug_entry")) entry_size_ = layout->size;
  }

  void run() {
    std::uint64_t traps = 0;
    std::map<std::string, std::vector<Place>, std::less<>> unlisted;  // by function
    const auto listed = listed_places(context_.module, table, entry_size_);
    for (const auto& [section, instructions] : context_.code.sections())
      for (const auto& each : instructions) {
        const Place place{section, each.offset};
        const auto* function = context_.module.function_covering(place);
        if (each.kind != Kind::ud2 || function == nullptr) continue;
        ++traps;
        if (!listed.contains(place)) unlisted[std::string(without_cold(function->name))].push_back(place);
      }
    for (const auto& [function, places] : unlisted) {
      if (places.size() <= unlisted_in_shipped(function)) continue;
      for (const auto& place : places)
        context_.finding("trap-missing", context_.module.describe(place),
                         "is a trap that __bug_table does not list, and the shipped function has none such");
    }
    context_.examined("traps", traps);
  }

 private:
  static constexpr std::string_view table = "__bug_table";

  /// Of the functions of this name the one that has the most.
  std::size_t unlisted_in_shipped(const std::string& function) {
    std::size_t most = 0;
    for (const auto& object : patch_.objects) {
      std::size_t in_cold_part = 0;
      for (const auto& each : all_object_symbols(context_.shipped, object.name, function + ".cold"))
        in_cold_part = std::max(in_cold_part, count_unlisted(each));
      for (const auto& each : all_object_symbols(context_.shipped, object.name, function))
        most = std::max(most, in_cold_part + count_unlisted(each));
    }
    return most;
  }

  std::size_t count_unlisted(const ObjectSymbol& function) {
    const auto code = function.is_function() ? code_of(context_.shipped, function) : std::nullopt;
    if (!code) return 0;
    const auto instructions = decode(*code, 0);
    if (function.in_kernel) {
      const auto listed = listed_in_kernel();
      return static_cast<std::size_t>(std::ranges::count_if(instructions, [&](const Instruction& each) {
        return each.kind == Kind::ud2 && !listed.contains(function.in_kernel->begin + each.offset);
      }));
    }
    const auto listed = listed_places(*function.module, table, entry_size_);
    return static_cast<std::size_t>(std::ranges::count_if(instructions, [&](const Instruction& each) {
      return each.kind == Kind::ud2 &&
             !listed.contains({function.in_module->section, function.in_module->value + each.offset});
    }));
  }

  /// An entry begins with the distance from itself to the trap (CONFIG_GENERIC_BUG_RELATIVE_POINTERS).
  std::set<std::uint64_t> listed_in_kernel() const {
    std::set<std::uint64_t> listed;
    const auto begin = context_.shipped.symbols("__start___bug_table");
    const auto end = context_.shipped.symbols("__stop___bug_table");
    if (begin.size() != 1 || end.size() != 1 || end[0].begin < begin[0].begin || entry_size_ == 0) return listed;
    const auto entries = context_.shipped.bytes(begin[0].begin, end[0].begin - begin[0].begin);
    if (!entries) return listed;
    for (std::uint64_t at = 0; at + entry_size_ <= entries->size(); at += entry_size_)
      listed.insert(begin[0].begin + at +
                    static_cast<std::uint64_t>(static_cast<std::int64_t>(load_le<std::int32_t>(*entries, at))));
    return listed;
  }

  const Context& context_;
  const PatchTables& patch_;
  std::uint64_t entry_size_ = 0;
};

}  // namespace

void check_traps(const Context& context, const PatchTables& patch) { Traps(context, patch).run(); }

}  // namespace suture::check
