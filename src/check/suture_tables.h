// The tables by which a live patch made here knows what it is for; the verifier's own reading of
// src/patch/emit/scaffold/suture_tables.h. Live patches from elsewhere have none.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "check/module_file.h"

namespace suture::check {

constexpr std::uint64_t build_id_size = 20;

/// A place that livepatch relocates when the module comes: struct suture_field.
struct SutureField {
  Place pointer;  ///< to `where`
  Place where;
  std::uint64_t size = 0;
};

/// A module that the live patch changes: struct suture_target.
struct SutureTarget {
  std::string object;
  Place record;
  Place note;  ///< the field into which livepatch writes where the module's build-id note lies
  std::string build_id;
  std::vector<SutureField> fields;  ///< as far as the list can be followed
};

/// suture_kernel: the build-id of the kernel, and where it is kept.
struct SutureKernel {
  Place place;
  std::string build_id;
};

std::optional<SutureKernel> suture_kernel(const ModuleFile& module);

bool has_suture_targets(const ModuleFile& module);
std::vector<SutureTarget> suture_targets(const ModuleFile& module);
std::optional<SutureTarget> suture_target(const ModuleFile& module, std::string_view object);

}  // namespace suture::check
