#include "cli/findings.h"

#include <fmt/format.h>

namespace suture::cli {

std::string findings(const std::vector<patch::Refusal>& refusals, const std::vector<patch::Warning>& warnings) {
  std::string text;
  for (const auto& refusal : refusals) {
    text += fmt::format("  {}: {}\n    why:    {}\n    advice: {}\n", refusal.code, refusal.place, refusal.reason,
                        refusal.advice);
  }
  for (const auto& warning : warnings)
    text += fmt::format("  warning: {}: {}: {}\n", warning.code, warning.place, warning.reason);
  return text;
}

}  // namespace suture::cli
