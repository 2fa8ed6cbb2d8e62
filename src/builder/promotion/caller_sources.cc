#include "builder/promotion/caller_sources.h"

#include <algorithm>
#include <mutex>
#include <set>

#include "base/parallel.h"
#include "kit/modules_dep.h"
#include "patch/match/match.h"

namespace suture::builder {

struct CallerSources::Search {
  const ShippedFunction* function = nullptr;
  std::vector<std::string> candidates = {};  ///< in reverse: the next one is last
  bool found = false;
};

namespace {

bool is_part_of(const KbuildObject& how, const std::string& object) {
  if (object == "vmlinux") return how.in_vmlinux;
  return std::ranges::any_of(how.modules, [&](const std::string& path) { return kit::module_name(path) == object; });
}

}  // namespace

Status CallerSources::open() {
  if (definitions_) return {};
  includers_ = TRY(Includers::open(kit_));
  definitions_ = TRY(Definitions::open(kit_, *includers_));
  return {};
}

Result<std::vector<std::string>> CallerSources::candidates(const ShippedFunction& function) const {
  const Candidates candidates(*definitions_, *includers_);
  if (function.object == "vmlinux") return candidates.of(shipped_.image(), function.place);
  const auto* module = TRY(shipped_.module(function.object));
  return candidates.of(*module, static_cast<elf::SymbolIndex>(function.place));
}

Result<std::map<ShippedFunction, ChangedSource*>> CallerSources::find(const std::vector<ShippedFunction>& functions,
                                                                      std::string_view what, Progress& progress) {
  TRY(open());
  std::map<ShippedFunction, ChangedSource*> found;
  std::vector<Search> searches;
  for (const auto& function : functions) {
    searches.push_back({.function = &function, .candidates = TRY(candidates(function))});
    std::ranges::reverse(searches.back().candidates);
  }
  for (;;) {
    auto attempts = TRY(next_attempts(searches));
    if (attempts.empty() || exhausted_) return found;
    const auto anew = std::ranges::count_if(attempts, [](const Attempt& attempt) { return attempt.made != nullptr; });
    progress.stage(fmt::format("compiling callers of {} ({} files)", what, anew));
    TRY(compile(attempts, progress));
    TRY(judge(attempts, found));
  }
}

ChangedSource* CallerSources::known(const KbuildObject& how) {
  const auto found =
      std::ranges::find_if(sources_, [&](const ChangedSource& source) { return source.how.target == how.target; });
  return found == sources_.end() ? nullptr : &*found;
}

// One round: of each function whose source is still sought the next candidate that is a part of its
// object. A file is compiled once, whoever is sought in it.
Result<std::vector<CallerSources::Attempt>> CallerSources::next_attempts(std::vector<Search>& searches) {
  Attempts attempts;
  std::vector<Search*> waiting;
  for (auto& search : searches) {
    if (!search.found) waiting.push_back(&search);
  }
  for (;;) {
    std::erase_if(waiting, [](const Search* search) { return search->candidates.empty(); });
    if (waiting.empty()) break;
    std::set<std::string> next;
    for (const auto* search : waiting) next.insert(search->candidates.back());
    TRY(ask(next));
    std::erase_if(waiting, [&](Search* search) {
      const auto candidate = std::move(search->candidates.back());
      search->candidates.pop_back();
      return begin(*search, answers_[candidate], attempts);
    });
  }
  exhausted_ = tried_.size() > max_files_;
  std::vector<Attempt> result;
  for (auto& [key, attempt] : attempts) result.push_back(std::move(attempt));
  return result;
}

Status CallerSources::ask(const std::set<std::string>& sources) {
  std::vector<std::string> unasked;
  for (const auto& source : sources) {
    if (!answers_.contains(source)) unasked.push_back(source);
  }
  if (unasked.empty()) return {};
  auto answers = TRY(ask_kbuild(kit_, unasked));
  for (std::size_t i = 0; i < unasked.size(); ++i) answers_[unasked[i]] = std::move(answers[i]);
  return {};
}

bool CallerSources::begin(Search& search, const std::vector<KbuildObject>& answer, Attempts& attempts) {
  bool begun = false;
  for (const auto& how : answer) {
    if (!is_part_of(how, search.function->object)) continue;
    auto& attempt = attempts[{how.target, search.function->object}];
    attempt.object = search.function->object;
    attempt.searches.push_back(&search);
    attempt.source = known(how);
    if (attempt.source == nullptr && attempt.made == nullptr) {
      attempt.made = std::make_unique<ChangedSource>();
      attempt.made->how = how;
      tried_.insert(how.target);
    }
    begun = true;
  }
  return begun;
}

Status CallerSources::compile(std::vector<Attempt>& attempts, Progress& progress) {
  std::mutex mutex;
  std::size_t done = 0;
  return for_each_parallel(attempts.size(), [&](std::size_t i) -> Status {
    auto* source = attempts[i].source != nullptr ? attempts[i].source : attempts[i].made.get();
    const bool is_alone = attempts[i].made != nullptr;
    double seconds = 0;
    if (is_alone) {
      const auto compiled = TRY(compiler_.original(source->how, Layout::shipped));
      source->shipped = TRY(read_shipped(compiled.object, source->how.source + " (as shipped)"));
      seconds = compiled.seconds;
    }
    const std::scoped_lock lock(mutex);
    slowest_compile_ = std::max(slowest_compile_, seconds);
    progress.at(++done, attempts.size());
    return {};
  });
}

// Where one file is compiled for several objects, or into one object and sought for several functions, it
// is the same source.
Status CallerSources::judge(std::vector<Attempt>& attempts, std::map<ShippedFunction, ChangedSource*>& found) {
  for (auto& attempt : attempts) {
    auto* source = attempt.source != nullptr ? attempt.source : known(attempt.made->how);
    if (source != nullptr && !source->shipped) TRY(compile_as_shipped(compiler_, {source}));
    const auto places = TRY(match(source != nullptr ? *source : *attempt.made, attempt.object));
    bool is_it = false;
    for (auto* search : attempt.searches) {
      const auto place = search->function->place;
      search->found = search->found || std::ranges::any_of(places, [&](const auto& p) { return p.second == place; });
      if (!search->found || found.contains(*search->function)) continue;
      is_it = true;
      if (source == nullptr) {
        TRY(compile_sections(*attempt.made));
        source = &sources_.emplace_back(std::move(*attempt.made));
      }
      found.emplace(*search->function, source);
    }
    if (is_it) places_.insert_or_assign({source, attempt.object}, places);
  }
  return {};
}

// What lies where the shipped object has code of just these bytes.
Result<CallerSources::Places> CallerSources::match(const ChangedSource& source, const std::string& object) {
  const auto& rebuilt = *source.shipped;
  patch::MatchResult result;
  if (object == "vmlinux") {
    result = TRY(patch::match_vmlinux(rebuilt, shipped_.image(), {}));
  } else {
    const auto* module = TRY(shipped_.module(object));
    result = TRY(patch::match_module(rebuilt, *module, {}));
  }
  Places places;
  for (const auto& name : result.matched) {
    if (const auto symbol = result.symbols.find(name); symbol != result.symbols.end())
      places.emplace(name, symbol->second.address);
  }
  return places;
}

Result<const CallerSources::Places*> CallerSources::places(ChangedSource& source, const std::string& object) {
  const std::pair<const ChangedSource*, std::string> key{&source, object};
  if (const auto known = places_.find(key); known != places_.end()) return &known->second;
  if (!source.shipped) TRY(compile_as_shipped(compiler_, {&source}));
  return &places_.emplace(key, TRY(match(source, object))).first->second;
}

Status CallerSources::compile_sections(ChangedSource& source) {
  const auto compiled = TRY(compiler_.original(source.how, Layout::typed));
  slowest_compile_ = std::max(slowest_compile_, compiled.seconds);
  source.original = TRY(elf::read_object(compiled.object, source.how.source + " (original)"));
  source.patched = source.original;
  return {};
}

}  // namespace suture::builder
