#include "cli/accept_option.h"

#include "patch/passes/accept.h"

namespace suture::cli {

void add_accept_option(Command command, std::vector<std::string>& codes) {
  command
      .add_option("--accept", codes,
                  "Leave what this code refuses unfixed until the next boot, and build the rest: init-code, exit-code, "
                  "init-data, registration or struct-padding; may be repeated")
      .type_name("CODE")
      .one_at_a_time()
      .one_of({patch::acceptable_codes.begin(), patch::acceptable_codes.end()});
}

}  // namespace suture::cli
