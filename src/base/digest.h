#pragma once

#include <string>

#include "base/bytes.h"
#include "base/file.h"

namespace suture {

/// SHA-256 of everything added, in hexadecimal. Each part is length-prefixed, so that
/// add("ab"), add("c") and add("a"), add("bc") differ.
class Digest {
 public:
  Digest& add(ByteView part);
  Digest& add(std::string_view part) { return add(as_bytes(part)); }
  std::string hex() const;

 private:
  Bytes framed_;
};

/// Plain SHA-256, in hexadecimal.
std::string sha256_hex(ByteView bytes);
/// The same of a file's content, which is not held in memory.
Result<std::string> sha256_file(const fs::path& path);

}  // namespace suture
