// One visit to a repository: refresh what is trusted, look what there is for a kernel, take a level.
//
//   const auto update = TRY(Update::begin(store, *source, clock));
//   TRY(update->refresh());
//   const auto index = TRY(update->index("6.1.0-53-amd64", build_id));
//   const auto level = TRY(update->level("6.1.0-53-amd64", build_id, index->levels.back().level));
//
// Each fails for one of two reasons. Either the source could not be read, or the disk was full, and one
// tries again later; or what the source has is not trusted, and refusal() says why.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "repository/source.h"
#include "repository/store.h"
#include "trust/agent/agent_index.h"

namespace suture::repository {

struct Expiry {
  std::string role;  ///< "root", "timestamp", "snapshot", "targets", "linux-6.1", "agent"
  trust::tuf::Time expires{};
};

class Update {
 public:
  /// Waits until no other update of this store is under way; store and source must live as long. The trusted
  /// time is `clock`, or the store's floor if that is later.
  static Result<std::unique_ptr<Update>> begin(const Store& store, Source& source, trust::tuf::Time clock,
                                               const trust::tuf::ClientLimits& limits = {});

  /// First. What was learned is stored, however it ends; the floor rises only if it went well.
  Status refresh();
  /// Nothing if the repository has no levels for this kernel. It is kept.
  Result<std::optional<trust::KernelIndex>> index(std::string_view release, std::string_view build_id);
  /// The index at a path among targets(). Nothing if no trusted role speaks of it; refused if it is another kernel's.
  Result<std::optional<trust::KernelIndex>> index_at(const std::string& path);
  /// The releases of the agent itself. Nothing if no trusted role speaks of them. It is not kept.
  Result<std::optional<trust::AgentIndex>> agent_index();
  /// Downloads one of a release's packages: refused if it is not the one that the index names. It is not kept.
  Result<Bytes> agent_package(const trust::AgentRelease& release, const trust::AgentPackage& package);
  /// Downloads the level and verifies all of it. It is kept.
  Result<VerifiedLevel> level(std::string_view release, std::string_view build_id, std::uint32_t level);
  /// Every target that the delegated roles speak of, by path.
  Result<std::map<std::string, trust::tuf::TargetFile>> targets();
  /// Any target; nothing if no trusted role speaks of it.
  Result<std::optional<Bytes>> target(const std::string& path);

  /// Why the last of these failed, if the reason is that something is not trusted.
  const std::optional<trust::tuf::Refusal>& refusal() const { return refusal_; }
  trust::tuf::Time now() const { return now_; }
  /// When the trusted metadata ends, the earliest first. After refresh(); a series' role after index().
  std::vector<Expiry> expiries() const;

 private:
  Update(const Store& store, Source& source, FileLock lock, Trusted stored, trust::tuf::Client client,
         trust::tuf::Time now)
      : store_(&store),
        source_(&source),
        lock_(std::move(lock)),
        stored_(std::move(stored)),
        client_(std::move(client)),
        now_(now) {}

  Status serve();
  Status save(trust::tuf::Time floor);
  tl::unexpected<Error> refuse(trust::tuf::Refusal refusal);

  const Store* store_;
  Source* source_;
  FileLock lock_;
  Trusted stored_;
  trust::tuf::Client client_;
  trust::tuf::Time now_;
  bool saved_ = false;
  std::optional<trust::tuf::Refusal> refusal_;
};

}  // namespace suture::repository
