// An update as the client's workflow of the TUF specification 1.0.33 has it (section 5), without a
// network, files or a clock: it asks for one metadata file after the other, is given bytes or "there is
// none", and ends with a verdict.
//
//   auto client = TRY(Client::start(stored, now));
//   while (client.wanted()) …fetch client.wanted()->file, then client.give(bytes) or client.not_found()…
//   …store client.files()…
//   if (client.refusal()) …
//   client.find("6.1/…/kernel.json");  …the same loop again…
//   if (client.found()) …download it, and check_target()…
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "trust/tuf/trusted_metadata.h"

namespace suture::trust::tuf {

struct ClientLimits {
  std::uint64_t root = 512'000, timestamp = 16'384, snapshot = 2'000'000, targets = 5'000'000;  ///< bytes of a file
  std::int64_t root_rotations = 256;  ///< new roots in one update
  std::size_t roles = 32;             ///< visited in the search for one target
};

/// A file below the repository's metadata directory.
struct Request {
  std::string file;              ///< "2.root.json"; safe in a path and in a URL
  std::uint64_t max_length = 0;  ///< give() refuses more; a fetcher need not read more than one byte beyond
};

struct FoundTarget {
  std::string path;
  TargetFile file;
  std::string role;      ///< who speaks of it
  std::string download;  ///< where it lies below the repository's targets directory
};

/// Metadata files without version numbers: "root.json", "timestamp.json", "linux-6.1.json", …
using Files = std::map<std::string, Bytes>;

class Client {
 public:
  /// `stored` is what files() of the update before gave; the first time it holds "root.json" alone, which
  /// came with the package or the configuration. `now` stays the time of the whole update.
  Client(Client&&) = default;
  Client& operator=(Client&&) = default;
  Client(const Client&) = delete;
  static Result<Client> start(Files stored, Time now, const ClientLimits& limits = {});

  /// Nothing is wanted once there is a verdict.
  const std::optional<Request>& wanted() const { return wanted_; }
  void give(ByteView file);
  /// The repository says that it does not have the file. A fetch that failed for another reason says
  /// nothing: give up this update, and start another one later.
  void not_found();

  /// Why the update, or the search, ended without a result.
  const std::optional<Refusal>& refusal() const { return refusal_; }
  /// Whether metadata is verified and fresh, so that find() may be called.
  bool refreshed() const { return phase_ == Phase::refreshed; }

  /// Searches for a target. Ends with found(), with a refusal, or with neither: nobody speaks of it.
  void find(const std::string& target_path);
  const std::optional<FoundTarget>& found() const { return found_; }

  /// To be stored in place of all that was stored before, however the update ended: newer roots must not
  /// be lost, and what was forgotten must not come back.
  const Files& files() const { return files_; }
  const TrustedMetadata& trusted() const { return trusted_; }

 private:
  enum class Phase { root, timestamp, snapshot, targets, refreshed, search, refused };
  struct Visit {
    std::string role;
    const Targets* delegator;
  };

  Client(TrustedMetadata trusted, Files files, const ClientLimits& limits);
  void enter_root();
  void enter_timestamp();
  void enter_snapshot();
  void enter_targets();
  void search();
  void visit(const std::string& role, const Targets& targets);
  void want(std::string file, std::uint64_t max_length);
  void want_targets(const std::string& role);
  void refuse(Refusal refusal);
  bool accept(const Verdict& verdict, const std::string& name, ByteView file);
  bool accept_targets(const Visit& visit, ByteView file);
  bool load_stored_targets(const Visit& visit);
  std::string versioned(const std::string& role, std::int64_t version) const;

  TrustedMetadata trusted_;
  Files files_;
  ClientLimits limits_;
  Phase phase_ = Phase::root;
  std::int64_t first_root_;
  std::optional<Request> wanted_;
  std::optional<Refusal> refusal_;

  /// By role and delegator; the top-level role has none.
  std::map<std::pair<std::string, const Targets*>, Targets> targets_;
  std::string target_path_;
  std::vector<Visit> to_visit_;  ///< the last one first
  std::set<std::string> visited_;
  std::optional<FoundTarget> found_;
};

/// The downloaded file against what its metadata says of it.
Verdict check_target(const FoundTarget& target, ByteView file);

}  // namespace suture::trust::tuf
