// From the packages of a build to a release of the agent.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "trust/agent/agent_index.h"

namespace suture::publishing {

/// A .deb, and what it says of itself.
struct DebianPackage {
  std::string file;  ///< what errors call it
  std::string name, version, architecture;
  std::string depends;  ///< as the field has it: "suture-fetch (= 0.3.0), systemd"
  Bytes content;
};

struct MadeRelease {
  trust::AgentRelease release;
  trust::AgentIndex index;                             ///< with the release above all others
  std::vector<std::pair<std::string, Bytes>> targets;  ///< the packages, by path in the repository
};

/// `number` 0 means the one after the newest of `index`. Fails if the packages are not of one version, if suture-agent
/// is not among them, or if it depends on one of that very version that is not: hosts could not install it.
Result<MadeRelease> make_release(std::uint32_t number, std::vector<DebianPackage> packages,
                                 const trust::AgentIndex& index);

}  // namespace suture::publishing
