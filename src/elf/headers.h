// The section headers of any 64-bit little-endian ELF file for x86-64, relocatable or linked.
// Source: System V gABI, chapter 4.
#pragma once

#include <elf.h>

#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace suture::elf {

/// The structure at `offset`, as its bytes stand in the file.
template <typename T>
Result<T> load(const Reader& reader, std::uint64_t offset) {
  const auto bytes = TRY(reader.slice(offset, sizeof(T)));
  T value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

struct Headers {
  std::uint16_t type = ET_NONE;         ///< ET_REL, ET_EXEC, …
  std::vector<Elf64_Shdr> sections;     ///< as in the file; [0] is the null section
  std::vector<std::string_view> names;  ///< of each, in the file's bytes; [0] is empty
};

/// Checks nothing of what the headers say but the sections' names.
Result<Headers> read_headers(const Reader& file);

}  // namespace suture::elf
