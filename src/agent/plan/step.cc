#include "agent/plan/step.h"

namespace suture::agent {

std::string_view name_of(Undo undo) {
  switch (undo) {
    case Undo::yes:
      return "yes";
    case Undo::best_effort:
      return "best effort";
    case Undo::no:
      return "no";
  }
  return "no";
}

}  // namespace suture::agent
