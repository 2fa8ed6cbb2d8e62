#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace suture::kit {

/// A kernel's .config.
class KernelConfig {
 public:
  /// `name` is what errors call it; they name the line.
  static Result<KernelConfig> parse(std::string_view text, std::string_view name);

  /// Whether the option ("CONFIG_LIVEPATCH") is y or m.
  bool enabled(std::string_view option) const;
  /// As written, a string without its quotes; empty if the option is not set or unknown.
  std::string_view value(std::string_view option) const;

  /// Option to value as written. "# CONFIG_X is not set" is in here with the value "n".
  const std::map<std::string, std::string, std::less<>>& options() const { return options_; }

 private:
  std::map<std::string, std::string, std::less<>> options_;
};

struct ConfigDifference {
  std::string option;
  std::string shipped;  ///< as written; "(absent)" if the option is not there
  std::string built;
};

/// Every option that differs. One that is absent here and "not set" there differs too: some
/// dependency of it has changed.
std::vector<ConfigDifference> differences(const KernelConfig& shipped, const KernelConfig& built);

}  // namespace suture::kit
