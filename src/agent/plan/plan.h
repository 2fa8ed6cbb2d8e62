// What is to be done to a host: named steps with their parameters, in order. A plan comes out of a signed
// level or the local configuration, never from a server, and is kept in the journal as it was carried out.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace suture::agent {

struct StepSpec {
  std::string kind{};  ///< "livepatch", "sysctl", …
  std::map<std::string, std::string> parameters{};
  bool operator==(const StepSpec&) const = default;
};

struct Plan {
  std::string id{};       ///< unique in one journal
  std::string subject{};  ///< what is put in force: "level 6.1/BUILD-ID/3" or "local NAME"; holds name it
  std::string kernel{};   ///< build-id of the vmlinux that it is for; empty for all
  std::vector<StepSpec> steps{};
  bool operator==(const Plan&) const = default;
};

/// Whether the kernel of build-id `running` is another than the one that the plan is for. No if `running` is empty:
/// what cannot be told may be here.
bool is_for_another_kernel(const Plan& plan, std::string_view running);

std::string to_text(const Plan& plan);
/// Strict. `name` is what errors call the source.
Result<Plan> read_plan(std::string_view text, std::string_view name);

}  // namespace suture::agent
