// Where the sections of one rebuilt object file lie in the shipped object, and so which of its
// functions are the shipped ones.
//
// The linker moves an input section as one piece, so a section has one base: shipped place minus
// offset in the rebuilt section, the same for all that is in it. (Not so for sections of mergeable
// strings and constants, which are compared by content.) Names alone do not give the base: kallsyms
// knows many static functions of one name, and a weak function's name may belong to another file's
// strong definition. The evidence, strongest first:
//
//   1. relocated fields in functions whose place is known: they hold addresses in other sections;
//   2. the functions of a section: the base is where most of their names are, and among several
//      such bases where most of their code is; if that leaves several, where what they refer to
//      agrees with what is known;
//   3. for data that no code refers to: a base that puts every symbol of the section on a shipped
//      symbol of its name, if there is only one such base.
//
// A function matches if at its section's base there is a symbol of its name, equal code, and fields
// that agree with what all other functions of the object say.

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "patch/match/function.h"

namespace suture::patch::matching {

namespace {

/// What could be the base of a section, and how much says so.
struct Candidate {
  std::size_t named = 0;  ///< functions whose name is there
  std::size_t equal = 0;  ///< of these, functions whose code is there too
  bool operator==(const Candidate&) const = default;
  auto operator<=>(const Candidate&) const = default;
};

/// Votes of several functions on one place.
class Poll {
 public:
  void vote(Place place) {
    const auto known = std::find_if(votes_.begin(), votes_.end(), [&](const Votes& v) { return v.place == place; });
    if (known != votes_.end()) {
      ++known->count;
    } else {
      votes_.push_back({place, 1});
    }
  }
  void clear() { votes_.clear(); }
  bool is_open() const { return votes_.empty(); }
  /// The place with more votes than any other.
  std::optional<Place> winner() const {
    std::optional<Place> best;
    std::size_t most = 0;
    for (const auto& [place, count] : votes_) {
      if (count == most) best.reset();
      if (count > most) {
        best = place;
        most = count;
      }
    }
    return best;
  }

 private:
  struct Votes {
    Place place;
    std::size_t count;
  };
  std::vector<Votes> votes_;
};

class Matcher {
 public:
  Matcher(const elf::Object& rebuilt, const Shipped& shipped)
      : pair_(rebuilt, shipped),
        rebuilt_(rebuilt),
        shipped_(shipped),
        functions_(functions_of(rebuilt)),
        sections_(rebuilt.sections.size()),
        symbol_polls_(rebuilt.symbols.size()) {
    for (std::size_t index = 0; index < functions_.size(); ++index)
      sections_[functions_[index].section].functions.push_back(index);
    states_.resize(functions_.size());
  }

  Result<MatchResult> match(const std::vector<std::string>& names) {
    const auto wanted = TRY(select(names));
    collect_candidates();
    place_code();
    settle_references();
    place_unreferenced_data();

    MatchResult result;
    for (const auto index : wanted) {
      const auto& name = name_of(functions_[index]);
      result.checked.push_back(name);
      if (auto mismatch = verdict(index)) {
        result.mismatched.push_back(std::move(*mismatch));
      } else {
        result.matched.push_back(name);
      }
    }
    collect_symbols(result);
    return result;
  }

 private:
  struct SectionState {
    std::vector<std::size_t> functions = {};
    std::map<Place, Candidate> candidates = {};
    Poll references = {};  ///< where code elsewhere says that the section is
    std::optional<Place> base = {};
    bool ambiguous = false;
  };

  struct FunctionState {
    std::map<Place, Reading> readings = {};  ///< of the occurrences that the section can be at
    bool contradicted = false;               ///< disagrees with the other functions' references
    Reading::Disagreement contradiction = {};
  };

  const std::string& name_of(const RebuiltFunction& function) const { return rebuilt_.symbols[function.symbol].name; }
  bool is_weak(const RebuiltFunction& function) const { return rebuilt_.symbols[function.symbol].bind == STB_WEAK; }

  Result<std::vector<std::size_t>> select(const std::vector<std::string>& names) const {
    const std::set<std::string_view> asked_for(names.begin(), names.end());
    auto missing = asked_for;
    std::vector<std::size_t> wanted;
    for (std::size_t index = 0; index < functions_.size(); ++index) {
      const auto& name = name_of(functions_[index]);
      if (!names.empty() && !asked_for.contains(name)) continue;
      wanted.push_back(index);
      missing.erase(name);
    }
    if (!missing.empty()) return fail("the rebuilt object has no function '{}'", *missing.begin());
    return wanted;
  }

  /// After this, every place where a function's name says that it may be has been read.
  void collect_candidates() {
    for (std::size_t index = 0; index < functions_.size(); ++index) {
      const auto& function = functions_[index];
      auto& state = states_[index];
      if (function.code.empty()) continue;
      for (const auto& occurrence : pair_.namesakes(function.symbol)) {
        if (!shipped_.can_hold(occurrence.place, rebuilt_.sections[function.section].name)) continue;
        // A strong symbol where ours is weak is another file's definition, equal or not.
        if (is_weak(function) && occurrence.binding != Binding::weak) continue;
        const auto [reading, is_new] = state.readings.try_emplace(occurrence.place);
        if (!is_new) continue;
        reading->second = read_as(pair_, function, occurrence.place);
        auto& candidate = sections_[function.section].candidates[occurrence.place - function.value];
        ++candidate.named;
        if (!reading->second.disagreement) ++candidate.equal;
      }
    }
  }

  /// After this, every code section has a base, or is ambiguous, or has no candidate.
  void place_code() {
    for (bool progress = true; progress;) {
      progress = false;
      poll_references();
      for (elf::SectionIndex index = 1; index < sections_.size(); ++index) {
        auto& section = sections_[index];
        if (section.functions.empty() || section.base) continue;
        section.base = choose_base(index);
        progress = progress || section.base;
      }
    }
    for (auto& section : sections_)
      section.ambiguous = !section.base && std::any_of(section.candidates.begin(), section.candidates.end(),
                                                       [](const auto& entry) { return entry.second.equal > 0; });
  }

  std::optional<Place> choose_base(elf::SectionIndex index) const {
    const auto& section = sections_[index];
    if (const auto base = section.references.winner(); base && section.candidates.contains(*base)) return base;

    std::vector<std::pair<Candidate, Place>> ranked;
    for (const auto& [base, candidate] : section.candidates) ranked.emplace_back(candidate, base);
    if (ranked.empty()) return std::nullopt;
    const auto best = std::max_element(ranked.begin(), ranked.end())->first;
    std::erase_if(ranked, [&](const auto& entry) { return entry.first != best; });
    if (ranked.size() > 1) std::erase_if(ranked, [&](const auto& entry) { return !agrees(section, entry.second); });
    return ranked.size() == 1 ? std::optional(ranked.front().second) : std::nullopt;
  }

  /// Whether the functions of the section, were it at `base`, refer to what others refer to.
  bool agrees(const SectionState& section, Place base) const {
    return std::all_of(section.functions.begin(), section.functions.end(), [&](std::size_t function) {
      const auto reading = states_[function].readings.find(base + functions_[function].value);
      return reading == states_[function].readings.end() || !contradiction(reading->second);
    });
  }

  /// The functions that are where their section is, and equal.
  template <typename Visit>
  void for_each_equal(Visit visit) {
    for (std::size_t index = 0; index < functions_.size(); ++index) {
      const auto& function = functions_[index];
      const auto& base = sections_[function.section].base;
      if (!base) continue;
      const auto reading = states_[index].readings.find(*base + function.value);
      if (reading != states_[index].readings.end() && !reading->second.disagreement)
        visit(states_[index], reading->second);
    }
  }

  /// After this, the polls hold what all placed code says of other sections and symbols.
  void poll_references() {
    for (auto& section : sections_) section.references.clear();
    for (auto& poll : symbol_polls_) poll.clear();
    for_each_equal([&](FunctionState&, const Reading& reading) {
      for (const auto& reference : reading.sections) sections_[reference.section].references.vote(reference.base);
      for (const auto& reference : reading.symbols) symbol_polls_[reference.symbol].vote(reference.place);
    });
  }

  /// The first reference that is not what other code says.
  std::optional<Reading::Disagreement> contradiction(const Reading& reading) const {
    for (const auto& reference : reading.sections) {
      const auto& [placed, poll] = std::tie(sections_[reference.section].base, sections_[reference.section].references);
      if (!placed && poll.is_open()) continue;
      if ((placed ? placed : poll.winner()) != reference.base)
        return Reading::Disagreement{Difference::reference, reference.offset, reference.base};
    }
    for (const auto& reference : reading.symbols) {
      const auto& poll = symbol_polls_[reference.symbol];
      if (!poll.is_open() && poll.winner() != reference.place)
        return Reading::Disagreement{Difference::reference, reference.offset, reference.place};
    }
    return std::nullopt;
  }

  /// After this, every section and symbol that matched code refers to has its one place.
  void settle_references() {
    poll_references();
    for_each_equal([&](FunctionState& state, const Reading& reading) {
      if (const auto found = contradiction(reading)) {
        state.contradicted = true;
        state.contradiction = *found;
      }
    });
    for (auto& section : sections_)
      if (!section.base) section.base = section.references.winner();
  }

  void place_unreferenced_data() {
    std::vector<std::vector<elf::SymbolIndex>> symbols(sections_.size());
    for (elf::SymbolIndex index = 1; index < rebuilt_.symbols.size(); ++index) {
      const auto& symbol = rebuilt_.symbols[index];
      if (symbol.is_defined() && symbol.bind != STB_WEAK && !symbol.is_section())
        symbols[symbol.section].push_back(index);
    }
    for (elf::SectionIndex index = 1; index < sections_.size(); ++index)
      if (const auto& section = rebuilt_.sections[index];
          section.is_allocated() && !section.is_code() && !sections_[index].base)
        sections_[index].base = base_from_names(section, symbols[index]);
  }

  std::optional<Place> base_from_names(const elf::Section& section,
                                       const std::vector<elf::SymbolIndex>& symbols) const {
    std::optional<std::set<Place>> bases;
    for (const auto index : symbols) {
      const auto& symbol = rebuilt_.symbols[index];
      std::set<Place> possible;
      for (const auto& occurrence : pair_.namesakes(index))
        if (shipped_.can_hold(occurrence.place, section.name)) possible.insert(occurrence.place - symbol.value);
      if (possible.empty()) continue;
      if (bases) std::erase_if(possible, [&](Place base) { return !bases->contains(base); });
      bases = std::move(possible);
    }
    return bases && bases->size() == 1 ? std::optional(*bases->begin()) : std::nullopt;
  }

  std::optional<Mismatch> verdict(std::size_t index) const {
    const auto& function = functions_[index];
    const auto& state = states_[index];
    const auto& section = sections_[function.section];
    const auto in_words = [&](Difference difference, std::string reason) {
      return Mismatch{.function = name_of(function), .difference = difference, .shipped = std::move(reason)};
    };
    if (function.code.empty()) return in_words(Difference::unreadable, "the rebuilt object has no code for it");
    const auto& namesakes = pair_.namesakes(function.symbol);
    if (namesakes.empty()) return in_words(Difference::absent, "the shipped object has no symbol of this name");
    if (state.readings.empty() && !is_weak(function))
      return in_words(Difference::displaced, "the shipped object has this name in another section");
    if (section.ambiguous) return in_words(Difference::ambiguous, ambiguity(section, function));

    std::optional<Place> expected;
    if (section.base) {
      expected = *section.base + function.value;
    } else if (!state.readings.empty()) {
      expected = closest(state);
    }
    const auto reading = expected ? state.readings.find(*expected) : state.readings.end();
    if (reading == state.readings.end()) {
      const auto elsewhere = shipped_.locate(namesakes.front().place);
      if (is_weak(function))
        return in_words(Difference::overridden,
                        "it is weak, and the shipped object has another file's definition, at " + elsewhere);
      return in_words(Difference::displaced,
                      fmt::format("its name is at {}, but from the rest of its file it must be at {}", elsewhere,
                                  shipped_.locate(*expected)));
    }
    if (const auto& disagreement = reading->second.disagreement)
      return explain(pair_, function, *expected, *disagreement);
    if (state.contradicted) return explain(pair_, function, *expected, state.contradiction);
    return std::nullopt;
  }

  std::string ambiguity(const SectionState& section, const RebuiltFunction& function) const {
    std::string places;
    for (const auto& [base, candidate] : section.candidates)
      if (candidate.equal > 0) places += (places.empty() ? "" : ", ") + shipped_.locate(base + function.value);
    return "nothing tells which of several equal functions it is: " + places;
  }

  /// Where the code stays equal for longest.
  Place closest(const FunctionState& state) const {
    return std::max_element(state.readings.begin(), state.readings.end(),
                            [](const auto& a, const auto& b) {
                              const auto equal = [](const Reading& reading) {
                                return reading.disagreement ? reading.disagreement->offset : UINT64_MAX;
                              };
                              return equal(a.second) < equal(b.second);
                            })
        ->first;
  }

  void collect_symbols(MatchResult& result) const {
    std::set<std::string> twice;
    for (elf::SymbolIndex index = 1; index < rebuilt_.symbols.size(); ++index) {
      const auto& symbol = rebuilt_.symbols[index];
      if (symbol.name.empty() || symbol.is_section()) continue;
      const auto occurrence = counterpart(index);
      if (!occurrence || occurrence->imported) continue;
      if (auto found = shipped_.symbol(occurrence->index)) {
        const auto [entry, is_new] = result.symbols.try_emplace(symbol.name, *found);
        if (!is_new && entry->second != *found) twice.insert(symbol.name);
      } else {
        result.unreachable.try_emplace(symbol.name, found.error().describe());
      }
    }
    for (const auto& name : twice) result.symbols.erase(name);
  }

  /// The shipped symbol that `index` is in the rebuilt object.
  std::optional<Occurrence> counterpart(elf::SymbolIndex index) const {
    const auto& symbol = rebuilt_.symbols[index];
    auto occurrences = pair_.namesakes(index);
    if (const auto place = place_of(index)) {
      std::erase_if(occurrences, [&](const Occurrence& occurrence) { return occurrence.place != *place; });
      // Aliases of one name at one place are the same symbol to everyone.
      return occurrences.empty() ? std::nullopt : std::optional(occurrences.front());
    }
    if (symbol.section != SHN_UNDEF) return std::nullopt;
    // Only data refers to it. The linker gave it the one global symbol of its name.
    std::erase_if(occurrences, [](const Occurrence& occurrence) { return occurrence.binding != Binding::global; });
    return occurrences.size() == 1 ? std::optional(occurrences.front()) : std::nullopt;
  }

  /// What references say goes before what the section says: a weak symbol may be another file's.
  std::optional<Place> place_of(elf::SymbolIndex index) const {
    const auto& symbol = rebuilt_.symbols[index];
    if (const auto& poll = symbol_polls_[index]; !poll.is_open()) return poll.winner();
    if (!symbol.is_defined() || !sections_[symbol.section].base) return std::nullopt;
    return *sections_[symbol.section].base + symbol.value;
  }

  MatchPair pair_;
  const elf::Object& rebuilt_;
  const Shipped& shipped_;
  std::vector<RebuiltFunction> functions_;
  std::vector<SectionState> sections_;
  std::vector<FunctionState> states_;
  std::vector<Poll> symbol_polls_;  ///< where references say that each symbol is
};

}  // namespace

Result<MatchResult> match_object(const elf::Object& rebuilt, const Shipped& shipped,
                                 const std::vector<std::string>& names) {
  return Matcher(rebuilt, shipped).match(names);
}

}  // namespace suture::patch::matching

namespace suture::patch {

std::string_view to_string(Difference difference) {
  switch (difference) {
    case Difference::code:
      return "code";
    case Difference::reference:
      return "reference";
    case Difference::absent:
      return "absent";
    case Difference::overridden:
      return "overridden";
    case Difference::displaced:
      return "displaced";
    case Difference::ambiguous:
      return "ambiguous";
    case Difference::unreadable:
      return "unreadable";
  }
  return "unknown";
}

}  // namespace suture::patch
