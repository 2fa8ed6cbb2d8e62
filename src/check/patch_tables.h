// struct klp_patch and the objects and functions it lists, read from the module's file as livepatch
// will read them from memory: a pointer is what a relocation writes, and a list ends where the
// kernel's own loops end it (include/linux/livepatch.h, klp_for_each_object_static and
// klp_for_each_func_static).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "check/code.h"
#include "check/module_file.h"
#include "check/shipped.h"

namespace suture::check {

/// Where the fields of livepatch's structures lie; all in bytes.
struct PatchLayout {
  struct {
    std::uint64_t size, mod, objs, states, replace;
  } patch;
  struct {
    std::uint64_t size, name, funcs, callbacks;
  } object;
  struct {
    std::uint64_t size, pre_patch, post_patch, pre_unpatch, post_unpatch;
  } callbacks;
  struct {
    std::uint64_t size, old_name, new_func, old_sympos;
  } function;
  struct {
    std::uint64_t size, id, version;
  } state;

  /// From the kernel's types.
  static Result<PatchLayout> of(const Shipped& shipped);
  /// Of amd64 kernels 6.1 to 6.12 as Debian configures them, for reading a module without a kit.
  static PatchLayout usual();
};

struct PatchFunction {
  Place record;
  std::string old_name;
  std::uint64_t position = 0;
  std::optional<Place> replacement;  ///< new_func; none if it does not point into the module
};

struct PatchCallback {
  std::string kind;  ///< "pre_patch"
  std::optional<Place> function;
};

struct PatchObject {
  Place record;
  std::string name = "vmlinux";
  bool is_module = false;
  std::vector<PatchFunction> functions;
  std::vector<PatchCallback> callbacks;
};

struct PatchState {
  std::uint64_t id = 0;
  std::uint32_t version = 0;
};

struct PatchTables {
  struct Problem {
    Place place;
    std::string reason;
  };

  std::optional<Place> record;  ///< the struct klp_patch; none if the module enables none
  bool replace = false;
  std::optional<Place> mod;  ///< what klp_patch.mod points to
  std::vector<PatchObject> objects;
  std::vector<PatchState> states;
  std::vector<Place> records;     ///< where any of these structures lie, terminators too
  std::vector<Problem> problems;  ///< what keeps the kernel, or us, from reading all of it

  /// The function that `place` begins the replacement of, or none.
  const PatchFunction* replacing(Place place) const;
};

/// Follows the argument of klp_enable_patch() in the module's code.
PatchTables read_patch_tables(const ModuleFile& module, const Code& code, const PatchLayout& layout);

}  // namespace suture::check
