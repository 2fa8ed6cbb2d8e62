#include "base/version.h"

namespace suture {

std::string_view version() { return SUTURE_VERSION; }

}  // namespace suture
