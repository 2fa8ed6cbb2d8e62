// What there is for one kernel: its levels in short, and the floor. A target of its own, so that a host
// learns what waits for it without downloading levels. api/kernel-index.schema.json is the same as a
// JSON schema.
#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "trust/level/manifest.h"

namespace suture::trust {

struct IndexedFix {
  std::string id{}, kind{}, severity{};
  std::vector<std::string> cves{};
};
BOOST_DESCRIBE_STRUCT(IndexedFix, (), (id, kind, severity, cves))

struct IndexedLevel {
  std::uint32_t level = 0;
  std::string name{};    ///< the module's
  std::string digest{};  ///< SHA-256 of its live-patch.ko
  std::vector<std::string> withdraws{};
  std::vector<IndexedFix> fixes{};
};
BOOST_DESCRIBE_STRUCT(IndexedLevel, (), (level, name, digest, withdraws, fixes))

struct KernelIndex {
  std::uint32_t format = 1;
  std::string release{};
  std::string build_id{};  ///< of vmlinux
  /// No host goes below this level once it has reached it; 0 if all are fine.
  std::uint32_t floor = 0;
  std::vector<IndexedLevel> levels{};  ///< ascending
};
BOOST_DESCRIBE_STRUCT(KernelIndex, (), (format, release, build_id, floor, levels))

/// Strict, as read_manifest().
Result<KernelIndex> read_kernel_index(std::string_view text, std::string_view name);
Result<std::string> write_kernel_index(const KernelIndex& index);

/// Adds a level above all others; the manifest lists its files. Fails if it is of another kernel, not above, does not
/// supersede all of them, or lacks a fix of the one below that it does not withdraw.
Status add_level(KernelIndex& index, const Manifest& manifest);

/// Names in the repository.
std::string index_path(std::string_view series, std::string_view build_id);
std::string level_path(std::string_view series, std::string_view build_id, std::uint32_t level);

}  // namespace suture::trust
