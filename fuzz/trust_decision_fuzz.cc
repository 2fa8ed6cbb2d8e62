// Damaged assignments, approvals and checkpoints. None that was changed is opened, whatever was changed.
#include "base/file.h"
#include "fuzz/fuzz.h"
#include "trust/decision/approval.h"
#include "trust/decision/assignment.h"
#include "trust/decision/checkpoint.h"

namespace {

using namespace suture;
using namespace suture::trust;

struct Signed {
  ed25519::PrivateKey key = ed25519::PrivateKey::generate().value();
  Assignment assignment{.host = "4b7d7a9e-6d0c-4d8f-9d53-2f6c5f0f3a11",
                        .sequence = 3,
                        .nonce = std::string(32, 'a'),
                        .action = Action::apply,
                        .target = AssignedLevel{std::string(40, 'b'), 2, std::string(64, 'c')},
                        .plan = std::string(64, 'd'),
                        .not_after = tuf::parse_time("2027-01-31T12:00:00Z").value()};
  ApprovalStatement approval{"r", "d", "grace"};
  AuditCheckpoint checkpoint{7, std::string(64, 'e'), tuf::parse_time("2027-01-31T12:00:00Z").value()};
  std::string signed_assignment = sign_assignment(assignment, key).value();
  std::string signed_approval = sign_approval(approval, key).value();
  std::string signed_checkpoint = sign_checkpoint(checkpoint, key).value();
};

std::string damaged(const std::string& text, ByteView input) {
  const auto bytes = fuzz::damage({text.begin(), text.end()}, input);
  return {bytes.begin(), bytes.end()};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Signed made;
  ByteView input(data, size);
  const auto which = fuzz::take_byte(input);
  if (which >= 0x80) {
    const std::string text(input.begin(), input.end());
    static_cast<void>(open_assignment(text, made.key.public_key(), "input"));
    static_cast<void>(open_approval(text, made.key.public_key(), "input"));
    static_cast<void>(open_checkpoint(text, made.key.public_key(), "input"));
    static_cast<void>(read_kept_checkpoints(text, "input"));
    return 0;
  }
  const auto assignment = open_assignment(damaged(made.signed_assignment, input), made.key.public_key(), "input");
  fuzz::require(!assignment || *assignment == made.assignment);
  const auto approval = open_approval(damaged(made.signed_approval, input), made.key.public_key(), "input");
  fuzz::require(!approval || (approval->rollout == "r" && approval->digest == "d" && approval->approver == "grace"));
  const auto checkpoint = open_checkpoint(damaged(made.signed_checkpoint, input), made.key.public_key(), "input");
  fuzz::require(!checkpoint || *checkpoint == made.checkpoint);
  return 0;
}
