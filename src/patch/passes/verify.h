// What must not be patched, or cannot. Every change in the object is accounted for here: it is in
// the selection and can be replaced, or it is refused. Nothing is left out in silence.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "patch/passes/compare.h"
#include "patch/passes/select.h"

namespace suture::patch {

struct Verdict {
  std::vector<Refusal> refusals;
  std::vector<Warning> warnings;                       ///< of differences that are left as they are
  std::map<std::string, InitialValue> initial_values;  ///< as Delta::initial_values
};
Verdict verify(const Pair& pair, const Comparison& comparison, const Selection& selection);

/// What is built all the same, but deserves the author's eye.
std::vector<Warning> find_warnings(const Pair& pair, const Selection& selection);

}  // namespace suture::patch
