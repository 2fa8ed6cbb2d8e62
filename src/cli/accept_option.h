// --accept CODE, of the commands that find out what changed.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace suture::cli {

void add_accept_option(CLI::App& command, std::vector<std::string>& codes);

}  // namespace suture::cli
