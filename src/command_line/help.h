// How --help looks: names to the left, what they mean to the right, within the 80 columns of a terminal.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace suture::command_line {

class Help : public CLI::Formatter {
 public:
  std::string make_option(const CLI::Option* option, bool is_positional) const override;
  std::string make_option_opts(const CLI::Option* option) const override;
  std::string make_subcommand(const CLI::App* command) const override;
};

}  // namespace suture::command_line
