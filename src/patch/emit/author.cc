#include "patch/emit/author.h"

#include <algorithm>
#include <cstddef>

#include "patch/emit/scaffold/suture_tables.h"

namespace suture::patch::emitter {
namespace {

std::string_view name_of(Callback callback) {
  switch (callback) {
    case Callback::pre_patch:
      return "pre_patch";
    case Callback::post_patch:
      return "post_patch";
    case Callback::pre_unpatch:
      return "pre_unpatch";
    case Callback::post_unpatch:
      return "post_unpatch";
  }
  return "";
}

class Reader {
 public:
  explicit Reader(std::vector<Refusal>& refusals) : refusals_(refusals) {}

  Status read(const Part& part) {
    for (const auto& section : part.object->sections) {
      if (section.size == 0) continue;
      if (section.name == ".suture.states") TRY(read_states(part, section));
      for (const auto callback : all_callbacks) {
        if (section.name == fmt::format(".suture.{}", name_of(callback))) {
          TRY(read_callback(part, section, callback));
        }
      }
    }
    return {};
  }

  AuthorWishes take() { return std::move(wishes_); }

 private:
  Status read_callback(const Part& part, const elf::Section& section, Callback callback) {
    if (section.size != sizeof(std::uint64_t) || section.relocations.size() != 1 ||
        section.relocations[0].offset != 0 || section.relocations[0].type != R_X86_64_64) {
      return fail(Error(fmt::format("{}: section {} is not one pointer to a function", part.source, section.name))
                      .advise("use the macros of suture.h, each at most once in a file"));
    }
    const auto& pointer = section.relocations[0];
    const auto [it, is_new] =
        wishes_.callbacks[part.owner].try_emplace(callback, PartFunction{&part, pointer.symbol, pointer.addend});
    if (!is_new) {
      refusals_.push_back({.code = "duplicate-callback",
                           .place = part.source,
                           .reason = fmt::format("{} already declares a {} callback for {}; the kernel calls only one",
                                                 it->second.part->source, name_of(callback), part.owner),
                           .advice = "keep one, and let it call what the other did"});
    }
    return {};
  }

  Status read_states(const Part& part, const elf::Section& section) {
    if (section.data.size() % sizeof(suture_state) != 0 || !section.relocations.empty()) {
      return fail(Error(fmt::format("{}: section .suture.states is no array of states", part.source))
                      .advise("use SUTURE_STATE from suture.h"));
    }
    for (std::size_t at = 0; at < section.data.size(); at += sizeof(suture_state)) {
      const State state{.id = load_le<std::uint64_t>(section.data, at + offsetof(suture_state, id)),
                        .version = load_le<std::uint32_t>(section.data, at + offsetof(suture_state, version))};
      // The kernel's array ends with id 0 (klp_for_each_state, kernel/livepatch/state.c).
      if (state.id == 0) return fail("{}: a state has the number 0, which is none", part.source);
      const auto same = [&](const State& other) { return other.id == state.id; };
      if (std::any_of(wishes_.states.begin(), wishes_.states.end(), same)) {
        refusals_.push_back({.code = "duplicate-state",
                             .place = part.source,
                             .reason = fmt::format("state {} is declared twice in this fix", state.id),
                             .advice = "declare each state once, with the newest version"});
        continue;
      }
      wishes_.states.push_back(state);
    }
    return {};
  }

  std::vector<Refusal>& refusals_;
  AuthorWishes wishes_;
};

}  // namespace

Result<AuthorWishes> read_author_wishes(const std::vector<Part>& parts, std::vector<Refusal>& refusals) {
  Reader reader(refusals);
  for (const auto& part : parts) TRY(reader.read(part));
  return reader.take();
}

}  // namespace suture::patch::emitter
