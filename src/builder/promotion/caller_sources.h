// Which source file each function of the shipped kernel came from: found by the source's text, shown by
// compiling it and comparing its code with what lies at the function's place.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/progress.h"
#include "builder/compare/compare_sources.h"
#include "builder/compile/compile.h"
#include "builder/kbuild/kbuild.h"
#include "builder/promotion/candidates.h"
#include "builder/shipped.h"

namespace suture::builder {

struct ShippedFunction {
  std::string object;       ///< "vmlinux" or a module's name
  std::uint64_t place = 0;  ///< vmlinux: address; module: index in its symbol table
  std::string name;
  auto operator<=>(const ShippedFunction&) const = default;
};

class CallerSources {
 public:
  /// `sources`: what has been compiled for the fix, with Layout::typed; sources of callers are added, as
  /// sources that the fix leaves as they are. `max_files`: how many may be compiled.
  CallerSources(const kit::Kit& kit, const Compiler& compiler, ShippedFiles& shipped, std::size_t max_files,
                std::deque<ChangedSource>& sources)
      : kit_(kit), compiler_(compiler), shipped_(shipped), max_files_(max_files), sources_(sources) {}

  /// The source of each function that could be found. `what` is what progress says that is for.
  Result<std::map<ShippedFunction, ChangedSource*>> find(const std::vector<ShippedFunction>& functions,
                                                         std::string_view what, Progress& progress);
  /// No more files may be compiled.
  bool is_exhausted() const { return exhausted_; }
  double slowest_compile() const { return slowest_compile_; }

  /// Rebuilt functions of a source and where they lie in an object that it is a part of.
  using Places = std::map<std::string, std::uint64_t>;
  Result<const Places*> places(ChangedSource& source, const std::string& object);

 private:
  struct Search;
  struct Attempt {
    ChangedSource* source = nullptr;           ///< when it was compiled before
    std::unique_ptr<ChangedSource> made = {};  ///< else
    std::string object = {};
    std::vector<Search*> searches = {};
  };

  Status open();
  Result<std::vector<std::string>> candidates(const ShippedFunction& function) const;
  using Attempts = std::map<std::pair<std::string, std::string>, Attempt>;  ///< by target and object
  Result<std::vector<Attempt>> next_attempts(std::vector<Search>& searches);
  Status ask(const std::set<std::string>& sources);
  bool begin(Search& search, const std::vector<KbuildObject>& answer, Attempts& attempts);
  ChangedSource* known(const KbuildObject& how);
  Status compile(std::vector<Attempt>& attempts, Progress& progress);
  Status judge(std::vector<Attempt>& attempts, std::map<ShippedFunction, ChangedSource*>& found);
  Result<Places> match(const ChangedSource& source, const std::string& object);
  Status compile_sections(ChangedSource& source);

  const kit::Kit& kit_;
  const Compiler& compiler_;
  ShippedFiles& shipped_;
  const std::size_t max_files_;
  std::deque<ChangedSource>& sources_;
  std::optional<Includers> includers_;
  std::optional<Definitions> definitions_;
  std::map<std::string, std::vector<KbuildObject>> answers_;  ///< of kbuild, by source
  std::set<std::string> tried_;                               ///< targets compiled in the search
  std::map<std::pair<const ChangedSource*, std::string>, Places> places_;
  bool exhausted_ = false;
  double slowest_compile_ = 0;
};

}  // namespace suture::builder
