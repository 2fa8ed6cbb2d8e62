#include "image/symvers.h"

#include <algorithm>
#include <array>
#include <optional>
#include "base/numbers.h"
#include "base/words.h"

namespace suture::image {
namespace {

std::optional<std::uint32_t> parse_crc(std::string_view text) {
  if (!text.starts_with("0x")) return std::nullopt;
  return to_number<std::uint32_t>(text.substr(2), 16);
}

std::string module_name(std::string_view path) {
  std::string name(base_name(path));
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

}  // namespace

Result<Symvers> Symvers::parse(std::string_view text, std::string_view name) {
  // Every kernel exports something, and modpost ends each line.
  if (!text.ends_with('\n')) return fail("{}: does not end with a whole line (empty or truncated)", name);
  Symvers symvers;
  for (std::size_t line_number = 1; !text.empty(); ++line_number) {
    auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    std::array<std::string_view, 5> columns;
    std::size_t count = 0;
    for (bool more = true; more && count < columns.size(); ++count) {
      columns[count] = line.substr(0, line.find('\t'));
      more = columns[count].size() < line.size();
      line.remove_prefix(std::min(columns[count].size() + 1, line.size()));
    }
    const auto crc = parse_crc(columns[0]);
    if (count < 4 || !line.empty() || columns[1].empty() || columns[2].empty())
      return fail("{}:{}: is not 'crc, symbol, module, kind, namespace' split by tabs", name, line_number);
    if (!crc) return fail("{}:{}: '{}' is not a checksum like 0x1234abcd", name, line_number, columns[0]);
    symvers.exports_.push_back({*crc, std::string(columns[1]), std::string(columns[2]), module_name(columns[2]),
                                std::string(columns[3]), std::string(columns[4])});
  }
  auto& exports = symvers.exports_;
  std::sort(exports.begin(), exports.end(), [](const Export& a, const Export& b) { return a.name < b.name; });
  const auto twice = std::adjacent_find(exports.begin(), exports.end(),
                                        [](const Export& a, const Export& b) { return a.name == b.name; });
  if (twice != exports.end())
    return fail("{}: '{}' is exported twice, by {} and {}", name, twice->name, twice->module, std::next(twice)->module);
  return symvers;
}

const Export* Symvers::find(std::string_view symbol) const {
  const auto found = std::lower_bound(exports_.begin(), exports_.end(), symbol,
                                      [](const Export& entry, std::string_view key) { return entry.name < key; });
  return found != exports_.end() && found->name == symbol ? &*found : nullptr;
}

}  // namespace suture::image
