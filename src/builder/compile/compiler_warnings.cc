#include "builder/compile/compiler_warnings.h"

#include <algorithm>
#include <iterator>
#include <regex>
#include <sstream>

namespace suture::builder {

namespace {

constexpr std::size_t longest_line = 2000;  // std::regex takes stack for each character

}  // namespace

std::vector<CompilerWarning> compiler_warnings(std::string_view said,
                                               const std::function<std::string(std::string_view)>& file_name) {
  static const std::regex warning(R"((.+?):\d+(?::\d+)?: warning: (.+))");
  static const std::regex function(R"((?:.*: )?In function '([^'.]+)[^']*'[:,])");
  static const std::regex inlined_into(R"( +inlined from '([^'.]+)[^']*'.*)");  // the outermost is the last
  static const std::regex file_scope(R"(.*: At top level:)");
  std::vector<CompilerWarning> warnings;
  std::string inside;
  std::istringstream lines{std::string(said)};
  for (std::string line; std::getline(lines, line);) {
    if (line.size() > longest_line) continue;
    std::smatch parts;
    if (std::regex_match(line, parts, function) || std::regex_match(line, parts, inlined_into)) {
      inside = parts[1];
    } else if (std::regex_match(line, file_scope)) {
      inside.clear();
    } else if (std::regex_match(line, parts, warning)) {
      warnings.push_back({file_name(parts[1].str()), inside, parts[2]});
    }
  }
  std::ranges::sort(warnings);
  return warnings;
}

std::vector<CompilerWarning> objtool_warnings(std::string_view said, const std::string& source) {
  static const std::regex warning(R"(.+?: warning: (objtool: )(?:(?:([^. +]+)[^ +]*|\.[^ +]*)\+0x[0-9a-f]+: )?(.+))");
  static const std::regex offset(R"([+:]0x[0-9a-f]+)");
  std::vector<CompilerWarning> warnings;
  std::istringstream lines{std::string(said)};
  for (std::string line; std::getline(lines, line);) {
    std::smatch parts;
    if (line.size() > longest_line || !std::regex_match(line, parts, warning)) continue;
    warnings.push_back({source, parts[2], parts[1].str() + std::regex_replace(parts[3].str(), offset, "")});
  }
  std::ranges::sort(warnings);
  return warnings;
}

std::vector<CompilerWarning> new_warnings(const std::vector<CompilerWarning>& before,
                                          const std::vector<CompilerWarning>& after) {
  std::vector<CompilerWarning> added;
  std::ranges::set_difference(after, before, std::back_inserter(added));
  return added;
}

}  // namespace suture::builder
