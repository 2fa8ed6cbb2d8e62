// The loadable sections of a linked kernel, and bytes by address.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace suture::image {

/// One that occupies memory (SHF_ALLOC).
struct LoadedSection {
  std::string name;
  std::uint64_t address;
  std::uint64_t size;
  std::uint64_t offset;  ///< in the file
  std::uint32_t type;    ///< SHT_*; SHT_NOBITS has no bytes in the file
  bool is_code;

  bool holds(std::uint64_t where, std::uint64_t length) const {
    return where >= address && where - address <= size && length <= size - (where - address);
  }
};

/// Of a linked x86-64 ELF file. After success every section's bytes lie inside the file.
Result<std::vector<LoadedSection>> read_sections(ByteView elf, std::string_view name);

}  // namespace suture::image
