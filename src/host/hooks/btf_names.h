// Names of types in BTF (Documentation/bpf/btf.rst): the kernel says what a BPF program is attached to by
// the number of a type.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace suture::host {

struct BtfNames {
  std::map<std::uint32_t, std::string> names;  ///< of the wanted types that are there
  std::uint32_t next_id = 1;                   ///< of the first type of BTF that builds on this
};

/// `btf` is a whole blob, called `name` in errors. A module's builds on the kernel's: its numbers begin with
/// the kernel's next_id, its strings behind the kernel's, `base`.
Result<BtfNames> read_btf_names(ByteView btf, std::string_view name, const std::set<std::uint32_t>& wanted,
                                std::uint32_t first_id = 1, ByteView base = {});

}  // namespace suture::host
