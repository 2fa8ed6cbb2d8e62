// A repository's metadata while it is changed, signed and made ready to publish. No files, no clock:
// bytes in, bytes out.
//
// What is being prepared is "staged". Root, targets and the delegated roles are signed first, perhaps on
// several machines that have no network; then the snapshot, which lists them by hash; the timestamp
// last. Nothing goes live before all of it has the signatures that clients will ask for.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "trust/tuf/client.h"
#include "trust/tuf/metadata.h"

namespace suture::trust {

/// How long metadata is good for, from when it is written.
struct Lifetimes {
  std::chrono::days root{365}, targets{180}, snapshot{180}, timestamp{3};
};

/// Staged metadata that lacks signatures.
struct Unsigned {
  std::string role;
  std::int64_t version = 0;
  std::size_t have = 0, need = 0;
  std::vector<std::string> keyids;  ///< who may still sign it
};

/// A staged role, and in words how it differs from the live one. For whoever signs it.
struct Change {
  std::string role;
  std::int64_t version = 0;
  tuf::Time expires{};
  std::vector<std::string> differences;
};

struct RoleKeys {
  std::vector<tuf::Key> keys;
  std::int64_t threshold = 1;
};

class Draft {
 public:
  /// `live` and `staged` hold the newest file of each role, without version numbers in their names.
  static Result<Draft> open(const tuf::Files& live, const tuf::Files& staged, tuf::Time now,
                            const Lifetimes& lifetimes = {});

  /// The first root, or the next, with these keys for a top-level role; the others stay. The first needs
  /// all four roles.
  Status set_keys(const std::map<std::string, RoleKeys>& roles);
  /// A delegated role (roles.h) with these keys. Without keys: as it is; a series' role that is not there yet gets
  /// those of targets, and role "agent" none.
  Status delegate(const std::string& role, const std::optional<RoleKeys>& keys = std::nullopt);
  /// Of a role that was given keys; nothing if it was not.
  std::optional<std::int64_t> threshold(const std::string& role) const;
  Status set_target(const std::string& role, const std::string& path, const tuf::TargetFile& file);
  /// The target's description as it is staged, or else live.
  std::optional<tuf::TargetFile> target(const std::string& role, const std::string& path) const;
  /// The same again with a new expiry.
  Status renew(const std::string& role);

  /// Signs with those of the keys that may, and stages what follows from what is staged: new signatures
  /// where keys were rotated or metadata expired, the snapshot, the timestamp. Returns how many
  /// signatures were added.
  Result<std::size_t> advance(const std::vector<ed25519::PrivateKey>& keys);

  bool anything_staged() const;
  /// In the order in which they are to be signed; those behind are not there before these are complete.
  std::vector<Unsigned> missing() const;
  std::vector<Change> changes() const;
  /// To be stored in place of what was staged before.
  tuf::Files staged() const;
  /// Files to be written below the repository's metadata directory, in this order, the timestamp last.
  /// Empty unless something is staged and nothing is missing.
  std::vector<std::pair<std::string, Bytes>> publishable() const;

 private:
  template <typename Content>
  struct Slot {
    std::optional<tuf::Signed<Content>> live, staged;
    Bytes live_file;
    const tuf::Signed<Content>& newest() const { return staged ? *staged : *live; }
    bool exists() const { return staged || live; }
  };
  /// Who must sign: for a root, the keys of the one before as well as its own.
  struct Demand {
    const tuf::Role* role;
    const tuf::Keys* keys;
  };
  using Demands = std::vector<Demand>;

  Draft(tuf::Time now, const Lifetimes& lifetimes) : now_(now), lifetimes_(lifetimes) {}

  template <typename Content>
  static Status load(Slot<Content>& slot, const tuf::Files& live, const tuf::Files& staged, const std::string& role);
  template <typename Content, typename Edit>
  void edit(Slot<Content>& slot, std::chrono::days lifetime, Edit edit);
  template <typename Content>
  bool is_stale(const Slot<Content>& slot, const Demands& demands) const;
  template <typename Visitor>
  void each_slot(Visitor visit);
  template <typename Visitor>
  void each_slot(Visitor visit) const;
  Demands demands_of(const std::string& role) const;
  void renew_stale();
  void list_in_snapshot();
  void list_in_timestamp();

  tuf::Time now_;
  Lifetimes lifetimes_;
  Slot<tuf::Root> root_;
  Slot<tuf::Targets> targets_;
  std::map<std::string, Slot<tuf::Targets>> delegated_;  ///< by role
  Slot<tuf::Snapshot> snapshot_;
  Slot<tuf::Timestamp> timestamp_;
};

/// The newest metadata of a repository with consistent snapshots, as Draft::open() takes it. `file`
/// answers for a name below the metadata directory.
Result<tuf::Files> live_metadata(const std::function<Result<std::optional<Bytes>>(const std::string& name)>& file);

}  // namespace suture::trust
