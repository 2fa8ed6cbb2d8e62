#include "base/first_line.h"

#include <unistd.h>

namespace suture {
namespace {

constexpr std::size_t longest = 1 << 16;

}  // namespace

Result<std::string> read_first_line(const fs::path& path) {
  std::string text;
  if (path == "-") {
    char one = 0;
    while (text.size() < longest && ::read(STDIN_FILENO, &one, 1) == 1 && one != '\n') text += one;
  } else {
    text = TRY(read_text(path));
  }
  text.resize(std::min(text.find_first_of("\r\n"), text.size()));
  return text;
}

}  // namespace suture
