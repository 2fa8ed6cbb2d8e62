// From a verified level to the plan that puts it in force, along proven edges alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "agent/history/history.h"
#include "agent/plan/plan.h"
#include "trust/level/manifest.h"

namespace suture::agent {

/// A level's module on this host, whose bytes were verified.
struct LevelFile {
  std::uint32_t level = 0;
  std::string name{}, file{}, sha256{};
};

/// The level of this kernel that is in force by our journal; nothing if there is none.
std::optional<LevelFile> level_in_force(const History& history, std::string_view kernel);

/// How many of the plans stay when this kernel goes back to `level`, 0 for none. Fails if that is not below what is in
/// force, or if what came after it is not levels of this kernel alone.
Result<std::size_t> plans_up_to(const History& history, std::string_view kernel, std::uint32_t level);

/// "6.1.0-53-amd64 level 3"
std::string subject_of_level(std::string_view release, std::uint32_t level);

/// `to` with its module in `file`, from what is in force. Fails if no edge without a reboot was proven. What
/// has no proven edge back is taken back by a reboot only.
Result<Plan> plan_for_level(const trust::Manifest& to, const LevelFile& file, const std::optional<LevelFile>& from,
                            std::string id);

}  // namespace suture::agent
