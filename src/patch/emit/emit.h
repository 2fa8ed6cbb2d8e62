// The last pass: from deltas to the bytes of a livepatch module, without kbuild.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "elf/object.h"
#include "image/btf.h"
#include "image/kernel_image.h"
#include "image/shipped_module.h"
#include "image/symvers.h"
#include "patch/delta.h"
#include "patch/match/match.h"

namespace suture::patch {

/// One source file's part.
struct EmitUnit {
  const Delta* delta = nullptr;
  const MatchResult* match = nullptr;
  std::string object;                            ///< "vmlinux" or the module's name with underscores
  const image::ShippedModule* module = nullptr;  ///< when object is a module
};

struct EmitRequest {
  std::string name;  ///< module name: [a-z0-9_]+, at most 55 characters
  std::vector<EmitUnit> units;
  const image::KernelImage* image = nullptr;
  const image::Symvers* symvers = nullptr;
  std::string vermagic;  ///< with its trailing space, from a shipped module
  /// patch/emit/scaffold.h's source, compiled as a module's for this kernel: init_module, cleanup_module
  /// and the check of build-ids, driven by tables that emit fills in.
  const elf::Object* scaffold = nullptr;
  std::vector<std::pair<std::string, std::string>> modinfo;  ///< more .modinfo entries, in order
  std::vector<std::string> cves;
};

struct EmittedFunction {
  std::string object, name;
  std::size_t position = 0;
  Why why = Why::changed;
  std::string source;
  bool moved = false;        ///< not redirected: reached through promoted functions only
  std::string through = {};  ///< when promoted: the moved function that it calls
};

struct EmittedObject {
  std::string name;  ///< "vmlinux" or the module's
  /// What livepatch relocates whenever this module is loaded. The live patch clears it again when the
  /// module goes, where the kernel does not (before 6.3), so that the module can come back.
  std::size_t late_relocations = 0;
};

struct EmitResult {
  Bytes module;                        ///< the .ko, unsigned
  std::vector<EmittedObject> objects;  ///< vmlinux first, then modules by name: as the kernel goes through them
  std::vector<EmittedFunction> functions;
  std::vector<Refusal> refusals;  ///< when not empty, `module` is empty
  std::vector<Warning> warnings;
};

/// Equal requests give equal bytes. Fails on requests that make no sense and on objects that no
/// module can hold; what the fix's author can change is in EmitResult::refusals.
Result<EmitResult> emit(const EmitRequest& request);

}  // namespace suture::patch
