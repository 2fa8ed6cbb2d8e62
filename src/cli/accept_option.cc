#include "cli/accept_option.h"

#include <set>

#include "patch/passes/accept.h"

namespace suture::cli {

void add_accept_option(CLI::App& command, std::vector<std::string>& codes) {
  command
      .add_option("--accept", codes,
                  "Leave what this code refuses unfixed until the next boot, and build the rest: init-code, exit-code "
                  "or init-data; may be repeated")
      ->type_name("CODE")
      ->allow_extra_args(false)
      ->check(CLI::IsMember(std::set<std::string>(patch::acceptable_codes.begin(), patch::acceptable_codes.end())));
}

}  // namespace suture::cli
