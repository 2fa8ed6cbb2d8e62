// What a guest's second serial port carries, for tests (lab/record.h).
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace suture::lab::testing {

/// One record, as the guest writes it.
inline std::string framed(std::string_view kind, std::size_t patch, std::string_view payload) {
  return fmt::format("\x1e{} {} {}\n{}\n", kind, patch, payload.size(), payload);
}

}  // namespace suture::lab::testing
