// The tables by which a live patch made here knows what it is for; the verifier's own reading of
// src/patch/emit/scaffold/suture_tables.h. Live patches from elsewhere have none.
#pragma once

#include <optional>
#include <string>

#include "check/module_file.h"

namespace suture::check {

constexpr std::uint64_t build_id_size = 20;

/// A module that the live patch changes: struct suture_target.
struct SutureTarget {
  Place record;
  Place note;  ///< the field into which livepatch writes where the module's build-id note lies
  std::string build_id;
};

/// suture_kernel: the build-id of the kernel, and where it is kept.
struct SutureKernel {
  Place place;
  std::string build_id;
};

std::optional<SutureKernel> suture_kernel(const ModuleFile& module);

bool has_suture_targets(const ModuleFile& module);
std::optional<SutureTarget> suture_target(const ModuleFile& module, std::string_view object);

}  // namespace suture::check
