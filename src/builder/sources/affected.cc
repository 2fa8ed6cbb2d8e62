#include "builder/sources/affected.h"

#include <algorithm>
#include <map>
#include <set>

#include "builder/sources/classify.h"
#include "builder/sources/includers.h"

namespace suture::builder {
namespace {

// Compiled for the offsets that assembly then uses (include/generated/asm-offsets.h, bounds.h).
bool makes_offsets(std::string_view source) {
  return source == "arch/x86/kernel/asm-offsets.c" || source == "kernel/bounds.c";
}

bool is_assembly(std::string_view source) { return source.ends_with(".S"); }

bool must_stay(const KbuildObject& object) {
  if (makes_offsets(object.source)) return true;
  if (is_assembly(object.source)) return object.is_used();
  return !object.is_used() && outside_text(object.source) == OutsideText::embedded;
}

class Search {
 public:
  Search(const kit::Kit& kit, const std::vector<PatchedFile>& fix, std::size_t most_files)
      : kit_(kit), fix_(fix), most_files_(most_files) {}

  Result<Affected> run() {
    const auto includers = TRY(Includers::open(kit_));
    std::set<std::string> reached;
    for (const auto& file : fix_) {
      auto& by = reached_by_[file.path];
      for (auto& source : includers.sources_reaching(file.path)) {
        if (outside_text(source) == OutsideText::boot) continue;
        reached.insert(source);
        by.push_back(std::move(source));
      }
    }
    // Most of them this kernel does not compile: kbuild says which, but is not asked about thousands.
    constexpr std::size_t uncompiled = 10;
    if (reached.size() > uncompiled * most_files_) {
      refuse_reach(reached.size(), "name");
      return std::move(result_);
    }
    TRY(ask(reached));
    if (result_.reached.size() > most_files_) refuse_reach(result_.reached.size(), "are compiled and name");
    judge_files();
    return std::move(result_);
  }

 private:
  // All questions at once: kbuild takes longest to begin.
  Status ask(const std::set<std::string>& reached) {
    std::vector<std::string> sources;
    for (const auto& file : fix_) {
      if (file.path.ends_with(".c") && !file.created) sources.push_back(file.path);
    }
    const auto named = sources.size();
    for (const auto& source : reached) {
      if (std::ranges::find(sources, source) == sources.end()) sources.push_back(source);
    }
    auto answers = TRY(ask_kbuild(kit_, sources));
    for (std::size_t i = 0; i < sources.size(); ++i) {
      for (auto& object : answers[i]) {
        if (i < named && !object.is_used() && outside_text(object.source) == OutsideText::embedded) {
          refuse_embedded(object.source);
        } else if (must_stay(object)) {
          add(result_.fixed, std::move(object));
        } else if (object.is_used() && !is_assembly(object.source)) {
          add(i < named ? result_.changed : result_.reached, std::move(object));
        }
      }
    }
    return {};
  }

  void add(std::vector<KbuildObject>& list, KbuildObject object) {
    used_.insert(object.source);
    list.push_back(std::move(object));
  }

  // A file that leads nowhere in this kernel. If all are such, there is nothing to build; if only
  // some are, this kernel does not need those parts.
  void judge_files() {
    std::vector<const PatchedFile*> unused;
    for (const auto& file : fix_) {
      const auto& by = reached_by_[file.path];
      const bool is_used = used_.contains(file.path) ||
                           std::ranges::any_of(by, [&](const std::string& source) { return used_.contains(source); });
      if (!is_used) unused.push_back(&file);
    }
    if (unused.size() == fix_.size() && result_.refusals.empty()) {
      for (const auto* file : unused) {
        result_.refusals.push_back({"not-compiled", file->path, "this kernel's configuration does not compile it",
                                    file->created ? "put the new code into a file that is compiled already"
                                                  : "this kernel needs no live patch for it"});
      }
    } else {
      for (const auto* file : unused)
        result_.warnings.push_back(
            {"not-compiled", file->path, "is left out: this kernel's configuration does not compile it"});
    }
  }

  void refuse_embedded(const std::string& source) {
    if (refused_.insert(source).second) result_.refusals.push_back(embedded_code_refusal(source));
  }

  void refuse_reach(std::size_t count, std::string_view doing) {
    std::string place;
    for (const auto& [path, by] : reached_by_) {
      if (!by.empty()) place += fmt::format("{}{} ({})", place.empty() ? "" : ", ", path, by.size());
    }
    result_.refusals.push_back(
        {"header-reach", place,
         fmt::format("{} source files {} what the fix changes; at most {} are looked at.", count, doing, most_files_),
         "put the changed declarations into the source files that need them, or raise --max-files"});
  }

  const kit::Kit& kit_;
  const std::vector<PatchedFile>& fix_;
  std::size_t most_files_;
  std::map<std::string, std::vector<std::string>> reached_by_;  ///< changed file -> sources that may include it
  std::set<std::string> used_;
  std::set<std::string> refused_;
  Affected result_;
};

}  // namespace

Result<Affected> find_affected(const kit::Kit& kit, const std::vector<PatchedFile>& fix, std::size_t most_files) {
  return Search(kit, fix, most_files).run();
}

}  // namespace suture::builder
