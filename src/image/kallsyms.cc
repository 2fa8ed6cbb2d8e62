#include "image/kallsyms.h"

#include <algorithm>
#include <functional>

#include "image/kallsyms_tables.h"

namespace suture::image {

Result<Kallsyms> Kallsyms::parse(ByteView rodata, std::string_view name) {
  return Kallsyms(TRY(read_kallsyms(rodata, name)));
}

Kallsyms::Kallsyms(std::vector<KernelSymbol> symbols) : symbols_(std::move(symbols)), positions_(symbols_.size()) {
  by_name_.reserve(symbols_.size());
  for (std::uint32_t i = 0; i < symbols_.size(); ++i)
    by_name_.push_back({std::hash<std::string_view>()(symbols_[i].name), i});
  const auto name = [&](const Entry& entry) -> std::string_view { return symbols_[entry.index].name; };
  std::sort(by_name_.begin(), by_name_.end(), [&](const Entry& a, const Entry& b) {
    if (a.hash != b.hash) return a.hash < b.hash;
    const int order = name(a).compare(name(b));
    return order != 0 ? order < 0 : a.index < b.index;
  });
  for (std::size_t first = 0; first < by_name_.size();) {
    std::size_t last = first + 1;
    while (last < by_name_.size() && by_name_[last].hash == by_name_[first].hash &&
           name(by_name_[last]) == name(by_name_[first]))
      ++last;
    if (last - first > 1)
      for (auto i = first; i < last; ++i) positions_[by_name_[i].index] = static_cast<std::uint32_t>(i - first + 1);
    first = last;
  }
}

std::vector<std::size_t> Kallsyms::named(std::string_view name) const {
  const auto hash = std::hash<std::string_view>()(name);
  std::vector<std::size_t> found;
  for (auto entry = std::lower_bound(by_name_.begin(), by_name_.end(), hash,
                                     [](const Entry&candidate, std::size_t key) { return candidate.hash < key; });
       entry != by_name_.end() && entry->hash == hash; ++entry)
    if (symbols_[entry->index].name == name) found.push_back(entry->index);
  return found;
}

Result<std::uint64_t> Kallsyms::unique_address(std::string_view name) const {
  const auto found = named(name);
  if (found.empty()) return fail("the kernel has no symbol '{}'", name);
  if (found.size() > 1) return fail("the kernel has {} symbols called '{}'", found.size(), name);
  return symbols_[found.front()].address;
}

std::optional<std::size_t> Kallsyms::symbol_at(std::uint64_t address) const {
  const auto found = symbol_covering(address);
  if (!found || symbols_[*found].address != address) return std::nullopt;
  return found;
}

std::optional<std::size_t> Kallsyms::symbol_covering(std::uint64_t address) const {
  const auto above =
      std::upper_bound(symbols_.begin(), symbols_.end(), address,
                       [](std::uint64_t key, const KernelSymbol& symbol) { return key < symbol.address; });
  if (above == symbols_.begin()) return std::nullopt;
  const auto first =
      std::lower_bound(symbols_.begin(), above, std::prev(above)->address,
                       [](const KernelSymbol& symbol, std::uint64_t key) { return symbol.address < key; });
  return static_cast<std::size_t>(first - symbols_.begin());
}

}  // namespace suture::image
