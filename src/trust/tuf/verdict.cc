#include "trust/tuf/verdict.h"

namespace suture::trust::tuf {

std::string_view name_of(Reason reason) {
  switch (reason) {
    case Reason::malformed:
      return "malformed";
    case Reason::bad_signatures:
      return "bad-signatures";
    case Reason::rollback:
      return "rollback";
    case Reason::expired:
      return "expired";
    case Reason::mismatch:
      return "mismatch";
    case Reason::too_long:
      return "too-long";
    case Reason::missing:
      return "missing";
  }
  return "unknown";
}

}  // namespace suture::trust::tuf
