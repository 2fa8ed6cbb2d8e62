#include "cli/print_refusals.h"

#include <fmt/format.h>

namespace suture::cli {

void print_refusals(const std::vector<patch::Refusal>& refusals) {
  for (const auto& refusal : refusals) {
    fmt::print("  {}: {}\n    why:    {}\n    advice: {}\n", refusal.code, refusal.place, refusal.reason,
               refusal.advice);
  }
}

}  // namespace suture::cli
