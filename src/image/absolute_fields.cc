#include "image/absolute_fields.h"

#include <algorithm>
#include <optional>

namespace suture::image {
namespace {

/// One list, read from its end: from `end` down to the zero before it. None if there is no zero, or if
/// what is there are no addresses of kernel code and data.
std::optional<std::vector<std::uint64_t>> read_list(ByteView payload, std::size_t& end) {
  std::vector<std::uint64_t> fields;
  while (end >= sizeof(std::int32_t)) {
    end -= sizeof(std::int32_t);
    const auto value = load_le<std::int32_t>(payload, end);
    if (value == 0) {
      std::ranges::sort(fields);
      return fields;
    }
    if (value > 0) return std::nullopt;
    fields.push_back(static_cast<std::uint64_t>(static_cast<std::int64_t>(value)));
  }
  return std::nullopt;
}

}  // namespace

Result<AbsoluteFields> read_absolute_fields(ByteView payload, std::string_view name) {
  auto end = payload.size();
  auto halves = read_list(payload, end);
  const auto inverse = halves ? read_list(payload, end) : std::nullopt;
  auto words = inverse ? read_list(payload, end) : std::nullopt;
  if (!words || words->empty())
    return fail(Error(fmt::format("{}: does not end with the table of its relocations", name))
                    .advise("the kernel must be built with CONFIG_RELOCATABLE"));
  return AbsoluteFields{.words = std::move(*words), .halves = std::move(*halves)};
}

}  // namespace suture::image
