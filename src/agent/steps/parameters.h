#pragma once

#include <string>
#include <string_view>

#include "agent/plan/plan.h"

namespace suture::agent {

/// A step's parameters, taken one by one.
class Parameters {
 public:
  explicit Parameters(const StepSpec& spec) : spec_(spec) {}
  Result<std::string> get(std::string_view name);
  /// Empty if it is not there.
  std::string find(std::string_view name);
  /// Fails if there is one that nobody asked for: it might restrict what the step may do.
  Status no_rest() const;

 private:
  const StepSpec& spec_;
  std::size_t taken_ = 0;
};

}  // namespace suture::agent
