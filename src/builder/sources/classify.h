#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "patch/refusal.h"

namespace suture::builder {

/// What a changed file means for a live patch, by its path alone.
enum class FileRole {
  code,     ///< C: compiled by itself, or text that compiled files include
  nothing,  ///< documentation, tests, tools: nothing of it is in any kernel
  foreign,  ///< code of another architecture
};

/// The role, or why no fix that changes this file can become a live patch.
std::variant<FileRole, patch::Refusal> classify(const std::string& path);

/// A place whose objects do not become the running kernel's own text.
enum class OutsideText {
  no,
  boot,      ///< ran before the kernel did, and never again: changes there change nothing now
  embedded,  ///< an image inside vmlinux for others to run: vDSO, real-mode trampoline, purgatory
};
OutsideText outside_text(std::string_view path);

/// Why a change to a file of OutsideText::embedded is refused.
patch::Refusal embedded_code_refusal(const std::string& path);

}  // namespace suture::builder
