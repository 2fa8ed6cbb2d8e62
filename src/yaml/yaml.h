// YAML nodes read strictly: each knows its place, and what nobody asked for is an error. Errors are values;
// yaml-cpp's exceptions end here. Include this only in .cc files.
#pragma once

#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <functional>
#include <set>
#include <string>

#include "base/result.h"

namespace suture {

class Yaml {
 public:
  /// An empty document is an empty map.
  static Result<Yaml> parse(std::string_view text, const std::string& name);

  Result<std::string> text() const;
  /// Seconds, or with a unit: "500ms", "30s", "5m", "1h", "7d".
  Result<std::int64_t> milliseconds() const;
  Result<std::int64_t> integer(std::int64_t least, std::int64_t most) const;
  Result<double> number() const;

  /// Calls `take` for every member of a map, in order; `take` says that it does not know a name by unknown().
  Status members(const std::function<Status(const std::string& name, const Yaml& value)>& take) const;
  Status elements(const std::function<Status(const Yaml& element)>& take) const;
  tl::unexpected<Error> unknown(const std::string& name) const;
  /// "agent.yaml:12: reason"
  template <typename... Args>
  tl::unexpected<Error> wrong(fmt::format_string<Args...> format, Args&&... args) const {
    return fail("{}: {}", place(), fmt::format(format, std::forward<Args>(args)...));
  }
  std::string place() const;

 private:
  Yaml(const YAML::Node& node, std::string name) : node_(node), name_(std::move(name)) {}
  YAML::Node node_;
  std::string name_;
};

}  // namespace suture
