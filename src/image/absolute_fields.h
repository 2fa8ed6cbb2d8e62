// Where a linked kernel holds absolute addresses, from the table by which it moves itself at boot.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace suture::image {

/// Addresses of fields that hold an address of the kernel, ascending.
struct AbsoluteFields {
  std::vector<std::uint64_t> words;   ///< of 8 bytes: pointers in data
  std::vector<std::uint64_t> halves;  ///< of 4, sign-extended when used: immediates and displacements in code
};

/// `payload` is what unpack_vmlinuz() returns. Its end holds, backwards, three lists of 4-byte values that
/// sign-extend to addresses, each list behind a zero: fields of 32 bits, inverse ones (distances that grow
/// when the kernel moves down, from code to per-CPU data), fields of 64 bits (arch/x86/tools/relocs.c,
/// arch/x86/boot/compressed/misc.c, 6.1 to 6.12). Fails without such a table, as a kernel without
/// CONFIG_RELOCATABLE has none. `name` is what errors call the file.
Result<AbsoluteFields> read_absolute_fields(ByteView payload, std::string_view name);

}  // namespace suture::image
