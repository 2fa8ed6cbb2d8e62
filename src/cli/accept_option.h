// --accept CODE, of the commands that find out what changed.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"

namespace suture::cli {

void add_accept_option(Command command, std::vector<std::string>& codes);

}  // namespace suture::cli
