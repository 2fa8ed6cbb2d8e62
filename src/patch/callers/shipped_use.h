#pragma once

#include <cstdint>
#include <string>

namespace suture::patch {

/// A place in a shipped object that leads to one of its functions, or to one that it imports.
struct ShippedUse {
  std::uint64_t function = 0;  ///< what is used: as it was asked for
  /// What holds the place: vmlinux: the address of the symbol that covers it; module: the index of the
  /// function in its symbol table, 0 for data.
  std::uint64_t user = 0;
  std::string user_name;  ///< for people: of aliases the first
  bool call = false;      ///< a direct call or jump; otherwise the address is kept, and where it goes is not known
  std::string how;        ///< when no call, in words: "is in .rodata (tcp_prot)"
};

}  // namespace suture::patch
