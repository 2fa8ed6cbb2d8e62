#include "kit/release.h"

#include <algorithm>
#include <regex>

namespace suture::kit {

Status check_release(std::string_view release) {
  static const std::regex form(R"([0-9]{1,3}\.[0-9]{1,3}([-+._~][A-Za-z0-9]+)*)");
  if (release.size() > 64 || !std::regex_match(release.begin(), release.end(), form)) {
    const auto shown = release.substr(0, 80);
    return fail(Error(fmt::format("'{}' is not a kernel release", shown)).advise("Give it as `uname -r` prints it."));
  }
  return {};
}

std::string series_of(std::string_view release) {
  const auto end = release.find_first_not_of("0123456789", release.find('.') + 1);
  return std::string(release.substr(0, end));
}

}  // namespace suture::kit
