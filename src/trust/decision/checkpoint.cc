#include "trust/decision/checkpoint.h"

#include "base/json.h"
#include "base/words.h"
#include "trust/decision/signed_json.h"
#include "trust/level/words.h"

namespace suture::trust {
namespace {

constexpr json::Limits checkpoint_limits{.bytes = 4096, .depth = 4, .values = 50};

Result<AuditCheckpoint> read_checkpoint(const boost::json::value& content, const std::string& place) {
  auto fields = TRY(json::Fields::of(content, place));
  const auto type = TRY(fields.string("_type"));
  if (type != "audit-checkpoint") return fail("{}: '{}' is no checkpoint", fields.place("_type"), type);
  AuditCheckpoint checkpoint;
  checkpoint.sequence = TRY(fields.integer("sequence", 0));
  checkpoint.digest = TRY(fields.string("digest"));
  if (checkpoint.sequence == 0 ? !checkpoint.digest.empty() : !is_sha256(checkpoint.digest))
    return fail("{}: is not the digest of entry {}", fields.place("digest"), checkpoint.sequence);
  const auto at = TRY(fields.string("at"));
  checkpoint.at = TRY(tuf::parse_time(at), "{}", fields.place("at"));
  TRY(fields.no_rest());
  return checkpoint;
}

Result<AuditCheckpoint> read_envelope(const boost::json::value& value, const std::string& place) {
  auto fields = TRY(json::Fields::of(value, place));
  const auto* content = TRY(fields.get("signed"));
  return read_checkpoint(*content, fields.place("signed"));
}

}  // namespace

Result<std::string> sign_checkpoint(const AuditCheckpoint& checkpoint, const ed25519::PrivateKey& key) {
  return sign_json({{"_type", "audit-checkpoint"},
                    {"sequence", checkpoint.sequence},
                    {"digest", checkpoint.digest},
                    {"at", tuf::format_time(checkpoint.at)}},
                   key);
}

Result<AuditCheckpoint> open_checkpoint(std::string_view text, const ed25519::PublicKey& key, std::string_view name) {
  const auto content = TRY(open_signed_json(text, key, name, checkpoint_limits));
  return read_checkpoint(content, fmt::format("{}.signed", name));
}

Result<std::vector<AuditCheckpoint>> read_kept_checkpoints(std::string_view text, std::string_view name) {
  std::vector<AuditCheckpoint> all;
  const auto add = [&](const boost::json::value& value, const std::string& place) -> Status {
    auto checkpoint = TRY(read_envelope(value, place));
    all.push_back(std::move(checkpoint));
    return {};
  };
  if (const auto whole = json::parse_strict(text, name)) {
    if (!whole->is_array())
      TRY(add(*whole, std::string(name)));
    else
      for (const auto& each : whole->get_array()) TRY(add(each, fmt::format("{}[{}]", name, all.size())));
    return all;
  }
  for (const auto line : lines_of(text)) {
    const auto place = fmt::format("{}:{}", name, all.size() + 1);
    const auto value = TRY(json::parse_strict(line, place));
    TRY(add(value, place));
  }
  return all;
}

}  // namespace suture::trust
