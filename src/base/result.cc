#include "base/result.h"

namespace suture {

std::string Error::describe() const {
  std::string text;
  for (auto it = contexts_.rbegin(); it != contexts_.rend(); ++it) text += *it + ": ";
  return text + message_;
}

}  // namespace suture
