#include "patch/passes/lock_changes.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>

namespace suture::patch {
namespace {

bool is_lock_call(std::string_view name) {
  // include/linux/semaphore.h: names too short to be looked for within others.
  for (const std::string_view all :
       {"up", "down", "down_interruptible", "down_killable", "down_trylock", "down_timeout"}) {
    if (base_name(name) == all) return true;
  }
  for (const std::string_view part :
       {"spin_lock",   "spin_unlock", "spin_trylock",     "mutex_lock",  "mutex_unlock", "mutex_trylock",
        "rcu_read_",   "down_read",   "down_write",       "up_read",     "up_write",     "read_lock",
        "read_unlock", "write_lock",  "write_unlock",     "srcu_read",   "lock_sock",    "release_sock",
        "rtnl_lock",   "rtnl_unlock", "synchronize_rcu",  "call_rcu",    "kfree_rcu",    "local_bh_",
        "__local_bh",  "call_srcu",   "synchronize_srcu", "rcu_barrier", "srcu_barrier", "lock_page"}) {
    if (name.find(part) != std::string_view::npos) return true;
  }
  return false;
}

std::string_view name_of(const Program& program, const Reference& reference) {
  return reference.piece == no_piece ? program.object->symbols[reference.external].name
                                     : program.pieces[reference.piece].name;
}

// Whether a symbol's address goes into %rdi, the first argument of a call (System V ABI for x86-64, 3.2.3):
// "mov $symbol,%rdi" as the kernel's code model has it, or "lea symbol(%rip),%rdi".
bool is_first_argument(ByteView code, const Reference& reference) {
  constexpr std::array<std::array<std::uint8_t, 3>, 2> openings{{{0x48, 0xc7, 0xc7}, {0x48, 0x8d, 0x3d}}};
  if (reference.offset > code.size()) return false;
  const auto before = code.first(reference.offset);
  return std::ranges::any_of(openings, [&](const auto& opening) {
    return before.size() >= opening.size() && std::ranges::equal(before.last(opening.size()), opening);
  });
}

// Of a function with its parts, in the order in which they lie: "mutex_lock(&chrdevs_lock)"; only "mutex_lock" of a
// lock that has no symbol of its own, such as a struct's.
std::vector<std::string> lock_calls(const Program& program, PieceIndex function) {
  std::vector<std::string> calls;
  for (PieceIndex i = 0; i < program.pieces.size(); ++i) {
    if (whole(program, i) != function) continue;
    std::string_view argument;  // since the last call
    for (const auto& reference : program.pieces[i].references) {
      const auto name = name_of(program, reference);
      if (!reference.branch) {
        if (is_first_argument(program.bytes(program.pieces[i]), reference)) argument = name;
        continue;
      }
      if (is_lock_call(name))
        calls.push_back(argument.empty() ? std::string(base_name(name))
                                         : fmt::format("{}(&{})", base_name(name), argument));
      argument = {};
    }
  }
  return calls;
}

}  // namespace

std::vector<std::string> lock_changes(const Pair& pair, PieceIndex original, PieceIndex patched) {
  const auto before = lock_calls(pair.original, original);
  const auto after = lock_calls(pair.patched, patched);
  std::map<std::string_view, std::pair<int, int>> counts;
  for (const auto& call : before) ++counts[call].first;
  for (const auto& call : after) ++counts[call].second;
  std::vector<std::string> changes;
  for (const auto& [call, count] : counts) {
    if (count.second == 0) {
      changes.push_back(fmt::format("no longer calls {} ({} before)", call, count.first));
    } else if (count.first != count.second) {
      changes.push_back(fmt::format("calls {} {} times instead of {}", call, count.second, count.first));
    }
  }
  if (changes.empty() && before != after)
    changes.push_back(
        fmt::format("calls {} in another order than {}", fmt::join(after, ", "), fmt::join(before, ", ")));
  return changes;
}

}  // namespace suture::patch
