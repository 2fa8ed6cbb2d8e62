#include "builder/promotion/promotion.h"

#include <algorithm>
#include <map>
#include <optional>

#include "builder/compare/diff_unit.h"
#include "builder/promotion/caller_sources.h"
#include "builder/promotion/importers.h"
#include "builder/promotion/reach.h"
#include "patch/callers/kernel_uses.h"
#include "patch/callers/module_uses.h"

namespace suture::builder {
namespace {

using patch::Refusal;

/// A function that has moved, and that code of other files may call.
struct Moved {
  std::string source, object, name;  ///< name: in the original
  std::uint64_t place = 0;           ///< as ShippedFunction::place
  std::vector<std::string> names;    ///< by which other files of the object call it
  std::vector<std::string> exported;
};

/// A function that calls one that has moved.
struct Caller {
  ShippedFunction function;
  std::size_t callee = 0;  ///< index into moved_
};

std::string without_cold(const std::string& name) {
  const auto cold = name.find(".cold");
  return cold == std::string::npos ? name : name.substr(0, cold);
}

class Promotion {
 public:
  Promotion(const PromotionRequest& request, std::vector<Unit>& units, Progress& progress)
      : request_(request),
        units_(units),
        progress_(progress),
        sources_(request.kit, request.compiler, request.shipped, request.max_files, request.sources) {}

  Result<PromotionResult> run() {
    for (;;) {
      const auto known = moved_.size();
      TRY(note_moved());
      if (moved_.size() == known) break;
      TRY(find_callers(known));
      if (result_.refusals.empty()) TRY(replace_callers());
      if (!result_.refusals.empty()) break;
    }
    if (result_.refusals.empty()) result_.refusals = refuse_unreached(units_);
    result_.slowest_compile = std::max(result_.slowest_compile, sources_.slowest_compile());
    return std::move(result_);
  }

 private:
  Status note_moved() {
    for (auto& unit : units_) {
      for (const auto& function : unit.delta.functions) {
        if (!function.moved || function.global_names.empty()) continue;
        const auto* places = TRY(sources_.places(*unit.source, unit.object));
        const auto place = places->find(function.original);
        if (place == places->end()) continue;  // code match refuses it
        note(unit, function, place->second);
      }
    }
    return {};
  }

  void note(const Unit& unit, const patch::DeltaFunction& function, std::uint64_t place) {
    const auto is_it = [&](const Moved& moved) { return moved.object == unit.object && moved.place == place; };
    if (std::ranges::any_of(moved_, is_it)) return;
    Moved moved{.source = unit.delta.source,
                .object = unit.object,
                .name = function.original,
                .place = place,
                .names = function.global_names,
                .exported = {}};
    for (const auto& name : moved.names) {
      const auto* exported = request_.shipped.symvers().find(name);
      if (exported != nullptr && exported->module_name == unit.object) moved.exported.push_back(name);
    }
    if (!moved.exported.empty()) {
      result_.warnings.push_back(
          {"exported-function", fmt::format("{}: {}", moved.source, moved.name),
           "nothing can redirect it: modules that the kernel's packages do not hold go on calling the old code"});
    }
    moved_.push_back(std::move(moved));
  }

  // Of those in moved_ from `first` on.
  Status find_callers(std::size_t first) {
    std::map<std::string, std::set<std::uint64_t>> own;                  // by object
    std::map<std::string, std::map<std::string, std::size_t>> imported;  // by module: name -> moved
    for (auto i = first; i < moved_.size(); ++i) {
      own[moved_[i].object].insert(moved_[i].place);
      if (!moved_[i].exported.empty() && !importers_) {
        progress_.stage("asking which modules import what changed");
        importers_ = TRY(Importers::open(request_.kit));
      }
      for (const auto& name : moved_[i].exported) {
        for (const auto& module : importers_->of(name)) imported[module].emplace(name, i);
      }
    }
    progress_.stage("looking for callers in the shipped kernel");
    for (const auto& [object, places] : own) {
      if (object == "vmlinux") {
        for (auto& use : TRY(patch::find_kernel_uses(request_.shipped.image(), places)))
          note_use(object, use, moved_at(object, use.function));
      } else {
        const auto* module = TRY(request_.shipped.module(object));
        for (auto& use : patch::find_module_uses(*module, places, {}))
          note_module_use(*module, use, moved_at(object, use.function));
      }
    }
    for (const auto& [object, names] : imported) {
      const auto* module = TRY(request_.shipped.module(object));
      std::set<std::string> wanted;
      for (const auto& [name, index] : names) wanted.insert(name);
      for (auto& use : patch::find_module_uses(*module, {}, wanted))
        note_module_use(*module, use, names.at(module->object().symbols[use.function].name));
    }
    return {};
  }

  std::size_t moved_at(const std::string& object, std::uint64_t place) const {
    const auto found =
        std::ranges::find_if(moved_, [&](const Moved& m) { return m.object == object && m.place == place; });
    return static_cast<std::size_t>(found - moved_.begin());
  }

  void note_use(const std::string& object, const patch::ShippedUse& use, std::size_t callee) {
    if (!use.call) {
      refuse(moved_[callee], object, use.how);
      return;
    }
    callers_.push_back({{object, use.user, use.user_name}, callee});
  }

  void note_module_use(const image::ShippedModule& module, const patch::ShippedUse& use, std::size_t callee) {
    const auto& section = module.object().sections[module.object().symbols[use.user].section].name;
    if (use.user != 0 && (section.starts_with(".init.") || section.starts_with(".exit."))) {
      refuse(moved_[callee], module.name(),
             fmt::format("{}, which the module runs once, when it {}, calls it", use.user_name,
                         section.starts_with(".init.") ? "is loaded" : "goes"));
    } else {
      note_use(module.name(), use, callee);
    }
  }

  // The unit that replaces the caller, or has taken it away; none yet.
  Result<bool> is_closed(const Caller& caller) {
    for (auto& unit : units_) {
      if (unit.object != caller.function.object) continue;
      const auto* places = TRY(sources_.places(*unit.source, unit.object));
      for (const auto& [name, place] : *places) {
        if (place != caller.function.place) continue;
        const auto whole = without_cold(name);
        if (std::ranges::find(unit.delta.functions, whole, &patch::DeltaFunction::original) !=
                unit.delta.functions.end() ||
            std::ranges::find(unit.delta.vanished, whole) != unit.delta.vanished.end())
          return true;
      }
    }
    return false;
  }

  Result<std::vector<Caller>> open_callers() {
    std::vector<Caller> open;
    for (const auto& caller : callers_) {
      const bool closed = TRY(is_closed(caller));
      if (!closed) open.push_back(caller);
    }
    return open;
  }

  Status replace_callers() {
    const auto open = TRY(open_callers());
    if (open.empty()) return {};
    std::set<ShippedFunction> functions;
    for (const auto& caller : open) functions.insert(caller.function);
    const auto found =
        TRY(sources_.find({functions.begin(), functions.end()}, moved_[open.front().callee].name, progress_));
    if (sources_.is_exhausted()) {
      refuse_reach(functions.size());
      return {};
    }
    for (const auto& caller : open) {
      if (found.contains(caller.function)) continue;
      const auto& [object, place, name] = caller.function;
      refuse(moved_[caller.callee], object,
             fmt::format("{} calls it, and no source was found that compiles to that (assembly, or code of another "
                         "compiler's run)",
                         name));
    }
    if (!result_.refusals.empty()) return {};
    progress_.stage("comparing callers");
    std::set<std::pair<ChangedSource*, std::string>> again;
    for (const auto& [function, source] : found) again.insert({source, function.object});
    for (auto& source : request_.sources) {  // in the order in which they were found
      for (const auto& [changed, object] : again) {
        if (changed == &source) TRY(diff_again(source, object));
      }
    }
    for (const auto& caller : TRY(open_callers())) {
      if (!result_.refusals.empty()) break;
      refuse(moved_[caller.callee], caller.function.object,
             fmt::format("{} calls it, but its source compiled does not", caller.function.name));
    }
    return {};
  }

  Status diff_again(ChangedSource& source, const std::string& object) {
    std::set<std::string> names;
    for (const auto& moved : moved_) {
      const auto& visible = moved.object == object ? moved.names : moved.exported;
      names.insert(visible.begin(), visible.end());
    }
    patch::Unit unit{.source = source.how.source,
                     .object = object,
                     .original = source.original,
                     .patched = source.patched,
                     .moved = std::move(names),
                     .accepted = request_.accepted};
    auto [delta, seconds] =
        TRY(diff_unit(request_.compiler, source.how, request_.fix, request_.shipped, std::move(unit)));
    result_.slowest_compile = std::max(result_.slowest_compile, seconds);
    result_.refusals.insert(result_.refusals.end(), delta.refusals.begin(), delta.refusals.end());
    const auto same = [&](const Unit& one) { return one.source == &source && one.object == object; };
    auto known = std::ranges::find_if(units_, same);
    if (known == units_.end()) known = units_.insert(known, {.source = &source, .object = object});
    for (const auto& warning : delta.warnings) {
      if (std::ranges::find(known->delta.warnings, warning) == known->delta.warnings.end())
        result_.warnings.push_back(warning);
    }
    known->delta = std::move(delta);
    return {};
  }

  // "page_counter_memparse, which calls memparse, which changed"
  std::string chain(const Moved& moved) const {
    std::string text = moved.name;
    std::set<std::string> seen;
    for (auto name = moved.name; seen.insert(name).second;) {
      const auto through = through_of(name);
      if (through.empty()) break;
      text += fmt::format(", which calls {}", through);
      name = through;
    }
    return text + ", which changed";
  }
  std::string through_of(const std::string& name) const {
    for (const auto& unit : units_) {
      const auto found = std::ranges::find(unit.delta.functions, name, &patch::DeltaFunction::original);
      if (found != unit.delta.functions.end()) return found->through;
    }
    return {};
  }

  void refuse(const Moved& moved, const std::string& object, std::string_view how) {
    Refusal refusal{"no-fentry", fmt::format("{}: {}", moved.source, moved.name),
                    fmt::format("nothing can redirect the function (it does not begin with a call to __fentry__: "
                                "declared inline or notrace, or compiled without tracing), and replacing its callers "
                                "is not enough: in {}, {} ({})",
                                object, how, chain(moved)),
                    "give the fixed code a new name and call that from functions that can be traced"};
    if (std::ranges::find(result_.refusals, refusal) == result_.refusals.end())
      result_.refusals.push_back(std::move(refusal));
  }

  void refuse_reach(std::size_t callers) {
    const auto& moved = moved_.back();
    result_.refusals.push_back(
        {"promotion-reach", fmt::format("{}: {}", moved.source, moved.name),
         fmt::format("nothing can redirect the function (it does not begin with a call to __fentry__), {} functions "
                     "that call it or its callers would have to be replaced too, and these come from more than {} "
                     "files ({})",
                     callers, request_.max_files, chain(moved)),
         "give the fixed code a new name and call that where it matters, or raise --max-files"});
  }

  const PromotionRequest& request_;
  std::vector<Unit>& units_;
  Progress& progress_;
  CallerSources sources_;
  std::optional<Importers> importers_;
  std::vector<Moved> moved_;
  std::vector<Caller> callers_;
  PromotionResult result_;
};

}  // namespace

Result<PromotionResult> promote_callers(const PromotionRequest& request, std::vector<Unit>& units, Progress& progress) {
  return Promotion(request, units, progress).run();
}

}  // namespace suture::builder
