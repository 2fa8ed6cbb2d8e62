#include "lab/proof.h"

#include "base/json.h"

namespace suture::lab {

BOOST_DESCRIBE_STRUCT(ProofStep, (), (boot, step, ok, seconds, said))
BOOST_DESCRIBE_STRUCT(ProofTransition, (), (live_patch, direction, milliseconds))
BOOST_DESCRIBE_STRUCT(ProofObject, (), (object, state, detail))
BOOST_DESCRIBE_STRUCT(ProofTaint, (), (baseline, patched, unexpected))
BOOST_DESCRIBE_STRUCT(Proof, (),
                      (outcome, failures, live_patch, digest, over, over_digest, kernel, accelerator, boots, seconds,
                       steps, transitions, objects, taint, new_log, oops, blocking, console))

std::string to_json(const Proof& proof) { return json::to_text(proof); }
std::string to_json(const std::vector<Proof>& proofs) { return json::to_text(proofs); }

Result<std::vector<Proof>> read_proofs(std::string_view text, std::string_view name) {
  const auto value = TRY(json::parse(text, name));
  if (value.is_array()) return json::from_text<std::vector<Proof>>(text, name);
  auto proof = TRY(json::from_text<Proof>(text, name));
  std::vector<Proof> proofs;
  proofs.push_back(std::move(proof));
  return proofs;
}

}  // namespace suture::lab
