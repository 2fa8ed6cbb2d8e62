// The kernel inside a bzImage.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace suture::image {

/// The ELF that a bzImage for x86 carries, decompressed. Where it lies and how it is packed comes
/// from the setup header (boot protocol 2.08 or newer, Documentation/x86/boot.rst), so a trailing
/// Secure Boot signature does no harm. Takes gzip, xz, zstd and lz4 payloads.
///
/// A relocatable kernel's relocation table follows the ELF and is returned with it.
///
/// `name` is what errors call the file. Fails when it is no bzImage, when it is cut short or
/// damaged, and when it would unpack to more than 512 MiB.
Result<Bytes> unpack_vmlinuz(ByteView bzimage, std::string_view name);

}  // namespace suture::image
