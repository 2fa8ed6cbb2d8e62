#pragma once

#include <string_view>

namespace suture::patch {

/// Why a function of vmlinux must not be replaced because livepatch, ftrace, or the unwinder that
/// livepatch relies on runs it; empty if nothing is known against it. `source` is the path in the
/// kernel tree, as far as known.
std::string_view denied(std::string_view source, std::string_view function);

}  // namespace suture::patch
