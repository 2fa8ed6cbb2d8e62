#include "check/livepatch_names.h"

#include <charconv>

namespace suture::check {

std::optional<LivepatchSymbolName> parse_livepatch_symbol(std::string_view name) {
  if (!name.starts_with(livepatch_symbol_prefix)) return std::nullopt;
  name.remove_prefix(livepatch_symbol_prefix.size());
  const auto dot = name.find('.');
  if (dot == 0 || dot >= module_name_limit) return std::nullopt;  // also npos
  const auto comma = name.find(',', dot + 1);
  if (comma == std::string_view::npos || comma == dot + 1 || comma - dot - 1 >= symbol_name_limit) return std::nullopt;
  LivepatchSymbolName parsed{.object = std::string(name.substr(0, dot)),
                             .name = std::string(name.substr(dot + 1, comma - dot - 1))};
  const auto digits = name.substr(comma + 1);
  const auto* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, parsed.position);
  if (error != std::errc() || stop != end) return std::nullopt;
  return parsed;
}

std::optional<LivepatchSectionName> parse_livepatch_section(std::string_view name) {
  if (!name.starts_with(livepatch_section_prefix)) return std::nullopt;
  name.remove_prefix(livepatch_section_prefix.size());
  const auto dot = name.find('.');
  // SECTION begins with a dot of its own, but for names like __jump_table.
  if (dot == 0 || dot >= module_name_limit || dot + 1 >= name.size()) return std::nullopt;
  return LivepatchSectionName{.object = std::string(name.substr(0, dot)), .section = std::string(name.substr(dot + 1))};
}

}  // namespace suture::check
