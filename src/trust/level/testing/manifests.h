// A level that is well-formed, which tests then bend.
#pragma once

#include <string>

#include "base/digest.h"
#include "trust/level/level.h"

namespace suture::trust::testing {

inline const std::string build_id = "1cd19df5660b03d8ce9a5941ce9fb364548b953a";

inline std::string module_of(const Manifest& manifest) { return "the module of " + manifest.name; }

/// Level N holds fixes fix-1 to fix-N.
inline Manifest manifest_of(std::uint32_t level) {
  Manifest manifest{
      .series = "6.1",
      .release = "6.1.0-53-amd64",
      .build_id = build_id,
      .level = level,
      .name = "level_" + std::to_string(level),
      .objects = {{.name = "vmlinux", .build_id = build_id, .functions = {{"do_exit", 0}}, .callbacks = {}}},
      .edges = {{0, level, "replace"}, {level, 0, "disable-and-load"}},
      .created_by = "suture"};
  for (std::uint32_t i = 1; i <= level; ++i) {
    if (i < level) manifest.supersedes.push_back(i);
    manifest.fixes.push_back({.id = "fix-" + std::to_string(i),
                              .subject = "net: do not free twice",
                              .kind = "security",
                              .severity = "high",
                              .cves = {"CVE-2026-1234" + std::to_string(i)},
                              .digest = std::string(64, 'a')});
  }
  const auto module = module_of(manifest);
  manifest.files = {{std::string(live_patch_file), module.size(), sha256_hex(as_bytes(module))}};
  return manifest;
}

inline Bytes level_file(const Manifest& manifest) {
  const auto content = module_of(manifest);
  return write_level(manifest, {{std::string(live_patch_file), as_bytes(content)}}).value();
}
inline Bytes level_file(std::uint32_t level) { return level_file(manifest_of(level)); }

}  // namespace suture::trust::testing
