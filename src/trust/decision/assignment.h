// What a server tells one host to do, as a signed document: api/openapi.yaml, Assignment.
//
// It only narrows. The level, or release of the agent, that it names must be in the signed repository, byte for byte as
// the digest says; the host checks that by itself. Whoever holds the server's key can choose among what was signed
// offline, and can make no other thing run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "trust/ed25519.h"
#include "trust/tuf/time.h"

namespace suture::trust {

enum class Action {
  apply,          ///< the target's level
  go_back,        ///< to the level before, which is the target's
  revert,         ///< to no live patch
  reboot_back,    ///< the same by a reboot: to the target's level, or to no live patch without one
  agent_upgrade,  ///< the agent itself, to the target's release
  agent_back,     ///< the agent itself, to the release that it was before, which is the target's
  none            ///< what was not begun is not wanted any more
};
std::string_view name_of(Action action);

struct AssignedLevel {
  std::string build_id;  ///< of the vmlinux that it is for
  std::uint32_t level = 0;
  std::string sha256;  ///< of the live patch's module
  bool operator==(const AssignedLevel&) const = default;
};

struct AssignedAgent {
  std::uint32_t release = 0;
  std::string version;
  std::string sha256;  ///< of its package suture-agent
  bool operator==(const AssignedAgent&) const = default;
};

struct Assignment {
  std::string host;           ///< UUID
  std::int64_t sequence = 0;  ///< from 1 on; grows with each assignment of the host
  std::string nonce;          ///< 32 hexadecimal digits
  Action action = Action::none;
  std::optional<AssignedLevel> target{};  ///< of apply and go_back; of reboot_back unless it goes to no live patch
  std::optional<AssignedAgent> agent{};   ///< the target of agent_upgrade and agent_back
  std::string plan{};                     ///< SHA-256 of the rollout's plan
  tuf::Time not_after{};                  ///< nothing new starts after it
  bool operator==(const Assignment&) const = default;
};

/// The document, with its signature.
Result<std::string> sign_assignment(const Assignment& assignment, const ed25519::PrivateKey& key);

/// Strict; refuses what `key` did not sign. For which host it is, whether it is newer than the last, and whether its
/// time is over, is the caller's to compare. `name` is what errors call the document.
Result<Assignment> open_assignment(std::string_view text, const ed25519::PublicKey& key, std::string_view name);

}  // namespace suture::trust
