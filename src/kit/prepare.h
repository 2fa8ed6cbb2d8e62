#pragma once

#include "base/progress.h"
#include "kit/config.h"
#include "kit/kit.h"

namespace suture::kit {

/// Generated headers that the distribution ships, for prepare_build() to compare.
fs::path shipped_headers(const Kit& kit);

/// Prepares build/ so that single objects can be made. kit.source(), kit.config(), kit.symvers() and
/// shipped_headers() are in place.
///
/// Then: build/.config is the shipped one, option for option; every generated header that the
/// distribution ships (among them asm-offsets.h and bounds.h, made by compiling) is byte for byte
/// what was generated here; objtool is built; Module.symvers is in place. Otherwise the error says
/// which options or headers differ. Sets the phases in kit.seconds.
Status prepare_build(Kit& kit, Progress& progress);

/// An error that names the options that differ, if any do.
Status check_same_config(const KernelConfig& shipped, const KernelConfig& built);

}  // namespace suture::kit
