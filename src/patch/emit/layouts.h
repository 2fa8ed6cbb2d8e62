// The kernel's own structs that a livepatch module holds, as the shipped kernel lays them out.
#pragma once

#include <cstdint>
#include <optional>

#include "base/result.h"
#include "image/btf.h"

namespace suture::patch::emitter {

/// Sizes and member offsets in bytes. The structs are in include/linux/livepatch.h, except `module`
/// (include/linux/module.h) and `alt_instr` (arch/x86/include/asm/alternative.h).
struct KernelLayouts {
  struct {
    std::uint64_t size, old_name, new_func, old_sympos;
  } klp_func{};
  struct {
    std::uint64_t size, name, funcs, pre_patch, post_patch, pre_unpatch, post_unpatch;
  } klp_object{};
  struct {
    std::uint64_t size, id, version;
  } klp_state{};
  struct {
    std::uint64_t size, mod, objs, states, replace;
  } klp_patch{};
  struct {
    std::uint64_t size, name, name_size, init, exit;
  } module{};
  struct {
    std::uint64_t size, instr_offset, instrlen;
  } alt_instr{};

  /// Fails on a kernel that lacks one of them, or has a member that is not as wide as expected.
  static Result<KernelLayouts> read(const image::Btf& types);
};

}  // namespace suture::patch::emitter
