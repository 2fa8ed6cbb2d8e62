// Who leads to a function of vmlinux, from the shipped image alone.
//
// The image has no symbol table and no relocations of its own. But there is no way to name a function
// that leaves no trace in it:
//
// - a call, a jump, or an address that code computes from where it runs: a distance of 32 bits in an
//   instruction, found by trying every byte of the code, and believed if an instruction holds it;
// - an absolute address, in data or in an instruction: listed for KASLR (image/absolute_fields.h);
// - a distance of 32 bits in data, as tables have it that need no relocation: found by trying every
//   aligned place. What the kernel exports is such a table, and left to the caller; others only
//   describe code, and are no way in.
//
// Short jumps reach only what the assembler sees in the same section, so never another file's function.
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "base/result.h"
#include "patch/callers/shipped_use.h"

namespace suture::image {
class KernelImage;
}

namespace suture::patch {

/// Every use of `functions`, which are addresses, in memory that stays after boot, but for uses by the
/// function itself and by the tables of exports. By the place's address. Fails if the image has no table
/// of absolute addresses.
Result<std::vector<ShippedUse>> find_kernel_uses(const image::KernelImage& kernel,
                                                 const std::set<std::uint64_t>& functions);

}  // namespace suture::patch
