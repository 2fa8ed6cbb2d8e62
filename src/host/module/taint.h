// Taint: what the kernel remembers of what happened to it (Documentation/admin-guide/tainted-kernels.rst;
// kernel/panic.c, taint_flags, the same in 6.1 and 6.12).
#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "host/known.h"
#include "host/root.h"

namespace suture::host {

struct TaintFlag {
  unsigned bit = 0;
  std::string letter;   ///< "" if this Suture does not know the bit
  std::string meaning;  ///< "kernel has oopsed before"
};
BOOST_DESCRIBE_STRUCT(TaintFlag, (), (bit, letter, meaning))

namespace taint {
inline constexpr std::uint64_t proprietary = 1U << 0, forced_load = 1U << 1, forced_unload = 1U << 3,
                               machine_check = 1U << 4, bad_page = 1U << 5, died = 1U << 7, warned = 1U << 9,
                               out_of_tree = 1U << 12, unsigned_module = 1U << 13, soft_lockup = 1U << 14,
                               live_patch = 1U << 15;
}

/// The set flags, lowest bit first.
std::vector<TaintFlag> decode_taint(std::uint64_t mask);
/// "OEK".
std::string taint_letters(std::uint64_t mask);

/// /proc/sys/kernel/tainted.
Known<std::uint64_t> read_taint(const Root& root);

}  // namespace suture::host
