#include "trust/decision/audit_chain.h"

#include <algorithm>

#include "base/digest.h"
#include "base/json.h"
#include "base/read_described.h"
#include "base/words.h"

namespace suture::trust {
namespace {

struct Line {
  std::int64_t sequence = 0, at = 0;
  std::string who, rollout, ring, host, text, digest;
};
BOOST_DESCRIBE_STRUCT(Line, (), (sequence, at, who, rollout, ring, host, text, digest))

/// `digests` are those of the entries, in their order.
Status check_reached(const AuditCheckpoint& checkpoint, const std::vector<std::string>& digests,
                     std::string_view name) {
  if (checkpoint.digest.empty()) return {};
  if (checkpoint.sequence == 0) {
    if (std::ranges::find(digests, checkpoint.digest) != digests.end()) return {};
    return fail("{}: no entry has the digest {}: what was written before that checkpoint was changed", name,
                checkpoint.digest);
  }
  const auto sequence = static_cast<std::size_t>(checkpoint.sequence);
  const auto when = tuf::format_time(checkpoint.at);
  if (sequence > digests.size())
    return fail("{}: ends with entry {}, and the checkpoint of {} is of entry {}: it was cut off, or exported before",
                name, digests.size(), when, sequence);
  if (digests[sequence - 1] != checkpoint.digest)
    return fail("{}: entry {} has another digest than in the checkpoint of {}: it or one before it was changed", name,
                sequence, when);
  return {};
}

}  // namespace

std::string digest_of(const AuditEntry& entry, std::string_view previous) {
  return Digest()
      .add(previous)
      .add(std::to_string(entry.sequence))
      .add(std::to_string(entry.at.time_since_epoch().count()))
      .add(entry.who)
      .add(entry.rollout)
      .add(entry.ring)
      .add(entry.host)
      .add(entry.text)
      .hex();
}

std::string to_line(const AuditEntry& entry) {
  return boost::json::serialize(
             boost::json::value_from(Line{entry.sequence, entry.at.time_since_epoch().count(), entry.who, entry.rollout,
                                          entry.ring, entry.host, entry.text, entry.digest})) +
         "\n";
}

Result<std::optional<AuditEntry>> verify_audit(std::string_view text, const std::vector<AuditCheckpoint>& checkpoints,
                                               std::string_view name) {
  std::optional<AuditEntry> last;
  std::vector<std::string> digests;
  for (const auto line : lines_of(text)) {
    const auto number = static_cast<std::int64_t>(digests.size()) + 1;
    const auto place = fmt::format("{}:{}", name, number);
    auto read = TRY(json::from_strict_text<Line>(line, place));
    AuditEntry entry{read.sequence, tuf::Time(std::chrono::seconds(read.at)),
                     read.who,      read.rollout,
                     read.ring,     read.host,
                     read.text,     read.digest};
    if (entry.sequence != number)
      return fail("{}: entry {} stands where {} belongs: one was left out or put in", place, entry.sequence, number);
    if (entry.digest != digest_of(entry, last ? last->digest : ""))
      return fail("{}: entry {} or one before it was changed: its digest does not fit", place, entry.sequence);
    digests.push_back(entry.digest);
    last = std::move(entry);
  }
  for (const auto& each : checkpoints) TRY(check_reached(each, digests, name));
  return last;
}

}  // namespace suture::trust
