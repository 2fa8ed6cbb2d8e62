// What is trusted at one moment of an update, and the rules by which metadata joins it. Each rule is
// named by its number in the TUF specification 1.0.33, section 5 (the client's workflow).
#pragma once

#include <optional>
#include <string>

#include "trust/tuf/metadata.h"
#include "trust/tuf/verdict.h"

namespace suture::trust::tuf {

/// A target's or metadata file's bytes against what signed metadata says of them. A length that is not
/// known is not checked.
Verdict check_bytes(ByteView file, std::optional<std::int64_t> length, const Hashes& hashes, std::string_view name);

/// A refusal leaves everything as it was.
class TrustedMetadata {
 public:
  /// 5.1, 5.2: `root` came with the package or the configuration. It may have expired.
  static Result<TrustedMetadata> from_root(ByteView root, Time now);

  /// 5.3.4 to 5.3.9: the version that follows the one that is trusted. The trusted one again is passed
  /// over, which is no refusal.
  Verdict update_root(ByteView file);
  /// 5.3.10
  Verdict check_root_expiry() const;
  /// 5.3.11: an accepted root took a key from timestamp or snapshot, so what they said is forgotten.
  bool keys_rotated() const { return keys_rotated_; }

  /// What an earlier update trusted, for comparison. Passed over if today's keys did not sign it.
  void recall_timestamp(ByteView file);
  void recall_snapshot(ByteView file);

  /// 5.4. One of the same version as the trusted is passed over, which is no refusal.
  Verdict update_timestamp(ByteView file);
  /// 5.5
  Verdict update_snapshot(ByteView file);
  /// Whether the recalled snapshot is the one that the timestamp speaks of, so that none is needed.
  bool snapshot_is_current(ByteView file) const;
  /// 5.6.2 to 5.6.5, for the top-level role "targets" (`delegator` is null) and for every role that
  /// `delegator` delegates to. Belongs to that delegator: another one may list other keys.
  tl::expected<Targets, Refusal> check_targets(ByteView file, const std::string& role, const Targets* delegator) const;

  const Root& root() const { return root_.content; }
  bool has_timestamp() const { return timestamp_.has_value(); }
  const Timestamp& timestamp() const { return timestamp_->content; }  ///< after update_timestamp()
  const Snapshot& snapshot() const { return snapshot_->content; }     ///< after update_snapshot()

 private:
  TrustedMetadata(Signed<Root> root, Time now) : now_(now), root_(std::move(root)) {}
  Verdict check_expiry(const Head& head, const std::string& file) const;
  Verdict check_final_snapshot(const Snapshot& snapshot) const;

  Time now_;
  bool keys_rotated_ = false;
  Signed<Root> root_;
  std::optional<Signed<Timestamp>> timestamp_;
  std::optional<Signed<Snapshot>> snapshot_;
};

}  // namespace suture::trust::tuf
