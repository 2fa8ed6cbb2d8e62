#include "patch/bind/symbol_list.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include "base/numbers.h"

namespace suture::patch {
namespace {

constexpr std::size_t old_name_width = 25;

// Takes the next word off the front of `line`.
std::string_view take_word(std::string_view& line) {
  const auto begin = std::min(line.find_first_not_of(' '), line.size());
  const auto end = std::min(line.find(' ', begin), line.size());
  const auto word = line.substr(begin, end - begin);
  line.remove_prefix(end);
  return word;
}

bool is_number(std::string_view word, int base) { return to_number<std::uint64_t>(word, base).has_value(); }

// What stands around the symbols: "Symbol table '.symtab' contains 9 entries:", the column titles,
// "File: vmlinux", and eu-readelf's " 5 local symbols  String table: …".
bool is_heading(std::string_view line) {
  return line.find_first_not_of(" \r\t") == std::string_view::npos || line.find("Symbol table") == 0 ||
         line.find("Num:") != std::string_view::npos || line.starts_with("File:") ||
         line.find(" local symbol") != std::string_view::npos;
}

// One line: "Num: Value Size Type Bind Vis Ndx Name". Nothing if it is no such line.
std::optional<ListedSymbol> parse_line(std::string_view line) {
  ListedSymbol symbol;
  auto number = take_word(line);
  if (!number.ends_with(':') || !is_number(number.substr(0, number.size() - 1), 10)) return std::nullopt;
  const auto value = take_word(line);
  if (!is_number(value, 16)) return std::nullopt;
  std::from_chars(value.data(), value.data() + value.size(), symbol.value, 16);
  const auto size = take_word(line);
  if (!is_number(size, 10) && !(size.starts_with("0x") && is_number(size.substr(2), 16))) return std::nullopt;
  const auto type = take_word(line);
  const auto bind = take_word(line);
  const auto visibility = take_word(line);
  if (visibility.empty()) return std::nullopt;
  auto index = take_word(line);
  if (index.starts_with('[')) {  // "[<other>: 88]", "[VARIANT_PCS]"
    while (!index.empty() && !index.ends_with(']')) index = take_word(line);
    index = take_word(line);
  }
  const bool numbered = is_number(index, 10);
  if (!numbered && index != "UND" && index != "UNDEF" && index != "ABS" && index != "COM" && index != "COMMON" &&
      !index.starts_with("OS") && !index.starts_with("PRC") && !index.starts_with("RSV"))
    return std::nullopt;
  symbol.name = take_word(line);
  symbol.local = bind == "LOCAL";
  symbol.file = type == "FILE";
  symbol.defined = (numbered || index == "ABS") && type != "SECTION" && !symbol.file && !symbol.name.empty();
  return symbol;
}

}  // namespace

Result<SymbolList> SymbolList::parse(std::string_view text, std::string_view file) {
  SymbolList list;
  const auto wide = fmt::format("make the list with: readelf -s --wide IMAGE > {}", file);
  bool in_symtab = true;  // a shared object, say, prints .dynsym before it
  bool linked = false;
  std::size_t number = 0;
  while (!text.empty()) {
    ++number;
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (is_heading(line)) {
      if (line.starts_with("Symbol table")) in_symtab = line.find(".symtab") != std::string_view::npos;
      continue;
    }
    auto symbol = parse_line(line);
    if (!symbol) {
      return fail(Error(fmt::format("{}:{}: is not a line that readelf -s prints: '{}'", file, number,
                                    line.substr(0, std::min<std::size_t>(line.size(), 80))))
                      .advise(wide));
    }
    if (symbol->name.ends_with("[...]")) {
      return fail(Error(fmt::format("{}:{}: the name {} was cut short", file, number, symbol->name)).advise(wide));
    }
    if (!in_symtab) continue;
    list.has_files_ |= symbol->file && !symbol->name.empty();
    list.has_exports_ |= symbol->name.starts_with("__ksymtab_");
    // The upper half: where kernels are linked to run. Values of a relocatable file count from
    // their sections.
    linked |= symbol->defined && symbol->value >> 63 != 0;
    if (symbol->defined) list.by_name_[symbol->name].push_back(list.symbols_.size());
    list.symbols_.push_back(std::move(*symbol));
  }
  if (list.symbols_.empty()) return fail(Error(fmt::format("{}: lists no symbols", file)).advise(wide));
  if (linked) {
    for (auto& [name, all] : list.by_name_) {
      std::stable_sort(all.begin(), all.end(),
                       [&](std::size_t a, std::size_t b) { return list.symbols_[a].value < list.symbols_[b].value; });
    }
  }
  return list;
}

const std::vector<std::size_t>& SymbolList::named(std::string_view name) const {
  static const std::vector<std::size_t> none;
  const auto it = by_name_.find(name);
  return it == by_name_.end() ? none : it->second;
}

std::size_t SymbolList::position(std::size_t symbol) const {
  const auto& all = named(symbols_[symbol].name);
  if (all.size() == 1) return 0;
  return static_cast<std::size_t>(std::find(all.begin(), all.end(), symbol) - all.begin()) + 1;
}

bool SymbolList::exports(std::string_view name) const { return !named("__ksymtab_" + std::string(name)).empty(); }

bool SymbolList::cuts(std::string_view name) const {
  return name.size() > old_name_width && named(name).empty() && !named(name.substr(0, old_name_width)).empty();
}

}  // namespace suture::patch
