#pragma once

#include <algorithm>
#include <string_view>

#include "base/result.h"

namespace suture::kit {

/// Calls work(line, number from 1) for each line of `text`, without its newline.
template <typename Work>
Status for_each_line(std::string_view text, Work work) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    TRY(work(text.substr(0, end), number));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {};
}

}  // namespace suture::kit
