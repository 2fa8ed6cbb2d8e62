#include "lab/proof.h"

#include "base/json.h"

namespace suture::lab {

BOOST_DESCRIBE_STRUCT(ProofStep, (), (boot, step, ok, seconds, said))
BOOST_DESCRIBE_STRUCT(ProofTransition, (), (live_patch, direction, milliseconds))
BOOST_DESCRIBE_STRUCT(ProofObject, (), (object, state, detail))
BOOST_DESCRIBE_STRUCT(ProofTaint, (), (baseline, patched, unexpected))
BOOST_DESCRIBE_STRUCT(Proof, (),
                      (outcome, failures, live_patch, digest, over, over_digest, kernel, accelerator, boots, seconds, steps, transitions,
                       objects, taint, new_log, oops, blocking, console))

std::string to_json(const Proof& proof) { return json::to_text(proof); }
std::string to_json(const std::vector<Proof>& proofs) { return json::to_text(proofs); }

}  // namespace suture::lab
