#include "builder/compile/expanded_text.h"

#include <fmt/format.h>

#include <map>
#include <optional>

#include "base/digest.h"
#include "base/numbers.h"
#include "base/words.h"

namespace suture::builder {
namespace {

struct Marker {
  std::uint64_t line = 0;
  std::string_view file;
};

/// `# 12 "include/linux/kernel.h" 1 3`: the next line is line 12 of that file (GCC, Preprocessor Output).
std::optional<Marker> read_marker(std::string_view line) {
  if (!line.starts_with("# ")) return std::nullopt;
  line.remove_prefix(2);
  const auto digits = line.substr(0, line.find(' '));
  const auto begin = line.find('"');
  const auto end = line.rfind('"');
  const auto number = to_number<std::uint64_t>(digits);
  if (!number || begin == std::string_view::npos || end <= begin) return std::nullopt;
  return Marker{*number, line.substr(begin + 1, end - begin - 1)};
}

}  // namespace

std::string digest_of_expanded(std::string_view text, const std::function<std::string(std::string_view)>& file_name) {
  Digest digest;
  std::map<std::string, std::string, std::less<>> names;
  std::string_view file;
  std::uint64_t number = 0;
  while (!text.empty()) {
    const auto line = take_until(text, '\n');
    if (const auto marker = read_marker(line)) {
      number = marker->line;
      auto known = names.find(marker->file);
      if (known == names.end()) known = names.emplace(marker->file, file_name(marker->file)).first;
      file = known->second;
      continue;
    }
    if (line.find_first_not_of(" \t\f") != std::string_view::npos)
      digest.add(file).add(fmt::format("{}", number)).add(line);
    ++number;
  }
  return digest.hex();
}

}  // namespace suture::builder
