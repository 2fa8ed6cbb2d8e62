#include "command_line/help.h"

#include <algorithm>
#include <string_view>

namespace suture::command_line {
namespace {

constexpr std::size_t columns = 80;
constexpr std::size_t indent = 28;

std::string entry(const std::string& name, std::string_view meaning) {
  auto text = "  " + name;
  auto at = text.size();
  const auto new_line = [&] {
    text += '\n';
    text.append(indent, ' ');
    at = indent;
  };
  if (at + 2 > indent) {
    if (!meaning.empty()) new_line();
  } else {
    text.append(indent - at, ' ');
    at = indent;
  }
  bool first = true;
  while (!meaning.empty()) {
    const auto word = meaning.substr(0, meaning.find(' '));
    meaning.remove_prefix(std::min(word.size() + 1, meaning.size()));
    if (!first && at + 1 + word.size() > columns) {
      new_line();
    } else if (!first) {
      text += ' ';
      ++at;
    }
    text += word;
    at += word.size();
    first = false;
  }
  return text + "\n";
}

}  // namespace

std::string Help::make_option(const CLI::Option* option, bool is_positional) const {
  return entry(make_option_name(option, is_positional) + make_option_opts(option), make_option_desc(option));
}

std::string Help::make_option_opts(const CLI::Option* option) const {
  auto text = CLI::Formatter::make_option_opts(option);
  // CLI11's word for a value that has no name.
  constexpr std::string_view nameless = " TEXT";
  if (text.starts_with(nameless)) text.erase(0, nameless.size());
  return text;
}

std::string Help::make_subcommand(const CLI::App* command) const {
  return entry(command->get_name(), command->get_description());
}

}  // namespace suture::command_line
