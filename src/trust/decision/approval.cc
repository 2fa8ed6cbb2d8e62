#include "trust/decision/approval.h"

#include "trust/decision/signed_json.h"

namespace suture::trust {
namespace {
constexpr json::Limits approval_limits{.bytes = 4096, .depth = 4, .values = 50};
}

Result<std::string> sign_approval(const ApprovalStatement& statement, const ed25519::PrivateKey& key) {
  return sign_json({{"_type", "approval"},
                    {"rollout", statement.rollout},
                    {"digest", statement.digest},
                    {"approver", statement.approver}},
                   key);
}

Result<ApprovalStatement> open_approval(std::string_view text, const ed25519::PublicKey& key, std::string_view name) {
  const auto content = TRY(open_signed_json(text, key, name, approval_limits));
  auto fields = TRY(json::Fields::of(content, fmt::format("{}.signed", name)));
  const auto type = TRY(fields.string("_type"));
  if (type != "approval") return fail("{}: '{}' is no approval", fields.place("_type"), type);
  ApprovalStatement statement;
  statement.rollout = TRY(fields.string("rollout"));
  statement.digest = TRY(fields.string("digest"));
  statement.approver = TRY(fields.string("approver"));
  TRY(fields.no_rest());
  return statement;
}

}  // namespace suture::trust
