#include "agent/steps/parameters.h"

namespace suture::agent {

Result<std::string> Parameters::get(std::string_view name) {
  const auto found = spec_.parameters.find(std::string(name));
  if (found == spec_.parameters.end()) return fail("step '{}' lacks the parameter '{}'", spec_.kind, name);
  ++taken_;
  return found->second;
}

std::string Parameters::find(std::string_view name) {
  const auto found = spec_.parameters.find(std::string(name));
  if (found == spec_.parameters.end()) return {};
  ++taken_;
  return found->second;
}

Status Parameters::no_rest() const {
  if (taken_ != spec_.parameters.size()) return fail("step '{}' has parameters that it does not know", spec_.kind);
  return {};
}

}  // namespace suture::agent
