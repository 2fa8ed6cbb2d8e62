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
  const boost::json::array all = value.is_array() ? value.get_array() : boost::json::array{value};
  auto proofs = boost::json::try_value_to<std::vector<Proof>>(all);
  if (proofs) return std::move(*proofs);
  return fail(
      Error(fmt::format("{}: is no record of a proof: {}", name, proofs.error().message()))
          .advise("suture prove --json prints one; another version of Suture may have printed this: prove again"));
}

}  // namespace suture::lab
