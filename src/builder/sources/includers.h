// Which files of a kernel's source may include a given one, directly or through others, by their text
// alone. An over-estimate that costs a second to make for a whole kernel; what a file really reads,
// its compiler says.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "kit/kit.h"

namespace suture::builder {

class Includers {
 public:
  /// From the kit's cache, or made and put there. Leaves out Documentation, tools, other
  /// architectures and the like.
  static Result<Includers> open(const kit::Kit& kit);

  /// Every C and assembly source (.c, .S) whose text may lead to `path`, sorted; not `path` itself. A
  /// source that other sources include is in it together with them.
  std::vector<std::string> sources_reaching(const std::string& path) const;

  /// Every file that was read, sorted. Generated ones are named "build:PATH".
  const std::vector<std::string>& files() const { return files_; }

  /// For tests: from (file, what it includes) pairs. Generated headers are named "build:PATH".
  static Includers make(std::vector<std::pair<std::string, std::vector<std::string>>> includes);

  std::string serialize() const;
  static Result<Includers> parse(std::string_view text, std::string_view name);

 private:
  using File = std::uint32_t;
  struct Include {
    std::string name;         ///< with delimiters
    std::vector<File> files;  ///< that contain it, ascending
  };

  void index();
  std::vector<File> direct_includers(const std::string& path) const;
  bool may_mean(const Include& include, File includer, const std::string& path) const;
  bool exists(const std::string& path) const { return by_path_.contains(path); }

  std::vector<std::string> files_;
  std::vector<Include> includes_;
  std::unordered_map<std::string, File> by_path_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_base_name_;  ///< indices into includes_
};

}  // namespace suture::builder
