// What a fix's source asks for through suture.h: callbacks and states.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "patch/emit/assembly.h"

namespace suture::patch::emitter {

enum class Callback { pre_patch, post_patch, pre_unpatch, post_unpatch };
inline constexpr std::array all_callbacks{Callback::pre_patch, Callback::post_patch, Callback::pre_unpatch,
                                          Callback::post_unpatch};

/// A function of a part.
struct PartFunction {
  const Part* part = nullptr;
  elf::SymbolIndex symbol = 0;  ///< in part->object
  std::int64_t addend = 0;
};

struct State {
  std::uint64_t id = 0;
  std::uint32_t version = 0;
};

struct AuthorWishes {
  std::map<std::string, std::map<Callback, PartFunction>> callbacks;  ///< by object
  std::vector<State> states;                                          ///< in the units' order
};

/// Reads the sections `.suture.*`. Adds refusals for what two files of the fix both claim.
Result<AuthorWishes> read_author_wishes(const std::vector<Part>& parts, std::vector<Refusal>& refusals);

}  // namespace suture::patch::emitter
