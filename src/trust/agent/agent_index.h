// Which releases of the agent itself there are, signed offline by a role of its own: who signs levels makes no host
// install a program, and who signs programs makes no host load a level. api/agent-index.schema.json is the same as a
// JSON schema.
//
// A release has a number, which only grows, beside the version that people and package managers call it by: numbers are
// compared, versions are not. Its packages are targets of their own.
#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace suture::trust {

struct AgentPackage {
  std::string name{};          ///< "suture-agent", "suture-fetch"
  std::string architecture{};  ///< Debian's word: "amd64"
  std::string sha256{};        ///< of the .deb
  bool operator==(const AgentPackage&) const = default;
};
BOOST_DESCRIBE_STRUCT(AgentPackage, (), (name, architecture, sha256))

struct AgentRelease {
  std::uint32_t release = 0;
  std::string version{};  ///< of the packages, and what the program calls itself: "0.3.0"
  std::vector<AgentPackage> packages{};

  /// Nothing if the release has no such package.
  const AgentPackage* package(std::string_view name, std::string_view architecture) const;
  bool operator==(const AgentRelease&) const = default;
};
BOOST_DESCRIBE_STRUCT(AgentRelease, (), (release, version, packages))

struct AgentIndex {
  std::uint32_t format = 1;
  /// No host goes below this release once it has reached it; 0 if all are fine.
  std::uint32_t floor = 0;
  std::vector<AgentRelease> releases{};  ///< ascending; no version twice

  const AgentRelease* release(std::uint32_t number) const;
  const AgentRelease* of_version(std::string_view version) const;
  bool operator==(const AgentIndex&) const = default;
};
BOOST_DESCRIBE_STRUCT(AgentIndex, (), (format, floor, releases))

/// The package that a release is known by: an assignment names its digest.
inline constexpr std::string_view agent_package = "suture-agent";
/// What it is for, in Debian's word: live patches are for x86-64 alone.
inline constexpr std::string_view agent_architecture = "amd64";

/// Strict, as read_manifest().
Result<AgentIndex> read_agent_index(std::string_view text, std::string_view name);
Result<std::string> write_agent_index(const AgentIndex& index);

/// Adds a release above all others.
Status add_release(AgentIndex& index, AgentRelease release);

/// Names in the repository: role "agent" speaks of "agent/…".
inline constexpr std::string_view agent_role = "agent";
inline constexpr std::string_view agent_index_path = "agent/index.json";
/// "agent/3/suture-agent_amd64.deb"
std::string package_path(const AgentRelease& release, const AgentPackage& package);

}  // namespace suture::trust
