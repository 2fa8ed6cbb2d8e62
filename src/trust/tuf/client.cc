#include "trust/tuf/client.h"

#include <algorithm>

#include "trust/tuf/role_names.h"

namespace suture::trust::tuf {
namespace {

const Bytes* stored(const Files& files, const std::string& name) {
  const auto found = files.find(name);
  return found == files.end() ? nullptr : &found->second;
}

std::uint64_t bounded(const MetaFile& meta, std::uint64_t limit) {
  return meta.length ? std::min(static_cast<std::uint64_t>(*meta.length), limit) : limit;
}

}  // namespace

Client::Client(TrustedMetadata trusted, Files files, const ClientLimits& limits)
    : trusted_(std::move(trusted)), files_(std::move(files)), limits_(limits), first_root_(trusted_.root().version) {}

Result<Client> Client::start(Files files, Time now, const ClientLimits& limits) {
  const auto* root = stored(files, "root.json");
  if (root == nullptr) {
    return fail(Error("there is no root.json to begin with")
                    .advise("the first one comes with the package or the configuration, never from a repository"));
  }
  auto trusted = TRY(TrustedMetadata::from_root(*root, now), "the trusted root");
  Client client(std::move(trusted), std::move(files), limits);
  client.enter_root();
  return client;
}

void Client::want(std::string file, std::uint64_t max_length) { wanted_ = Request{std::move(file), max_length}; }

void Client::refuse(Refusal refusal) {
  wanted_.reset();
  refusal_ = std::move(refusal);
  phase_ = phase_ == Phase::search ? Phase::refreshed : Phase::refused;
}

bool Client::accept(const Verdict& verdict, const std::string& name, ByteView file) {
  if (!verdict) {
    refuse(verdict.error());
    return false;
  }
  files_[name] = Bytes(file.begin(), file.end());
  return true;
}

// With consistent snapshots, files have their versions in their names.
std::string Client::versioned(const std::string& role, std::int64_t version) const {
  return trusted_.root().consistent_snapshot.value_or(false) ? file_name(role, version) : file_name(role);
}

void Client::give(ByteView file) {
  if (!wanted_) return;
  const auto request = *std::exchange(wanted_, std::nullopt);
  if (file.size() > request.max_length) {
    refuse({Reason::too_long, fmt::format("{}: is longer than {} bytes", request.file, request.max_length)});
    return;
  }
  switch (phase_) {
    case Phase::root: {
      const auto before = trusted_.root().version;
      const auto verdict = trusted_.update_root(file);
      if (verdict && trusted_.root().version == before) return enter_timestamp();
      if (!accept(verdict, "root.json", file)) return;
      if (trusted_.keys_rotated()) {  // 5.3.11
        files_.erase("timestamp.json");
        files_.erase("snapshot.json");
      }
      return enter_root();
    }
    case Phase::timestamp: {
      const auto before = trusted_.has_timestamp() ? trusted_.timestamp().version : 0;
      const auto verdict = trusted_.update_timestamp(file);
      if (verdict && trusted_.timestamp().version == before) return enter_snapshot();  // 5.4.3.1: passed over
      if (accept(verdict, "timestamp.json", file)) enter_snapshot();
      return;
    }
    case Phase::snapshot:
      if (accept(trusted_.update_snapshot(file), "snapshot.json", file)) enter_targets();
      return;
    case Phase::targets:
      if (accept_targets({"targets", nullptr}, file)) phase_ = Phase::refreshed;
      return;
    case Phase::search:
      if (accept_targets(to_visit_.back(), file)) search();
      return;
    case Phase::refreshed:
    case Phase::refused:
      return;
  }
}

void Client::not_found() {
  if (!wanted_) return;
  if (phase_ == Phase::root) {  // 5.3.3: the trusted one is the newest
    wanted_.reset();
    return enter_timestamp();
  }
  refuse({Reason::missing, fmt::format("{}: the repository does not have it", wanted_->file)});
}

void Client::enter_root() {
  const auto next = trusted_.root().version + 1;
  if (next > first_root_ + limits_.root_rotations) return enter_timestamp();
  want(file_name("root", next), limits_.root);
}

void Client::enter_timestamp() {
  if (const auto fresh = trusted_.check_root_expiry(); !fresh) return refuse(fresh.error());
  phase_ = Phase::timestamp;
  if (const auto* file = stored(files_, "timestamp.json")) trusted_.recall_timestamp(*file);
  want("timestamp.json", limits_.timestamp);
}

void Client::enter_snapshot() {
  phase_ = Phase::snapshot;
  if (const auto* file = stored(files_, "snapshot.json")) {
    trusted_.recall_snapshot(*file);
    if (trusted_.snapshot_is_current(*file)) return enter_targets();
  }
  const auto& meta = trusted_.timestamp().snapshot;
  want(versioned("snapshot", meta.version), bounded(meta, limits_.snapshot));
}

void Client::enter_targets() {
  phase_ = Phase::targets;
  if (load_stored_targets({"targets", nullptr})) {
    phase_ = Phase::refreshed;
  } else {
    want_targets("targets");
  }
}

bool Client::load_stored_targets(const Visit& visit) {
  const auto* file = stored(files_, file_name(visit.role));
  if (file == nullptr) return false;
  auto targets = trusted_.check_targets(*file, visit.role, visit.delegator);
  if (targets) targets_.insert_or_assign({visit.role, visit.delegator}, std::move(*targets));
  return targets.has_value();
}

bool Client::accept_targets(const Visit& visit, ByteView file) {
  auto targets = trusted_.check_targets(file, visit.role, visit.delegator);
  if (!targets) {
    refuse(targets.error());
    return false;
  }
  files_[file_name(visit.role)] = Bytes(file.begin(), file.end());
  targets_.insert_or_assign({visit.role, visit.delegator}, std::move(*targets));
  return true;
}

void Client::want_targets(const std::string& role) {
  const auto meta = trusted_.snapshot().meta.find(role + ".json");
  if (meta == trusted_.snapshot().meta.end()) {
    return refuse({Reason::missing, fmt::format("snapshot.json: does not list {}.json", role)});
  }
  want(versioned(role, meta->second.version), bounded(meta->second, limits_.targets));
}

void Client::find(const std::string& target_path) {
  if (phase_ != Phase::refreshed) return;
  phase_ = Phase::search;
  refusal_.reset();
  found_.reset();
  target_path_ = target_path;
  visited_.clear();
  to_visit_ = {{"targets", nullptr}};
  search();
}

// 5.6.7
void Client::search() {
  while (!to_visit_.empty() && visited_.size() < limits_.roles && !found_) {
    const auto next = to_visit_.back();
    if (visited_.contains(next.role)) {
      to_visit_.pop_back();
      continue;
    }
    if (!targets_.contains({next.role, next.delegator}) && !load_stored_targets(next)) return want_targets(next.role);
    to_visit_.pop_back();
    visited_.insert(next.role);
    visit(next.role, targets_.at({next.role, next.delegator}));
  }
  phase_ = Phase::refreshed;
}

void Client::visit(const std::string& role, const Targets& targets) {
  if (const auto target = targets.targets.find(target_path_); target != targets.targets.end()) {
    const auto& hashes = target->second.hashes;
    const auto& hash = hashes.contains("sha256") ? hashes.at("sha256") : hashes.at("sha512");
    const bool consistent = trusted_.root().consistent_snapshot.value_or(false);
    found_ = FoundTarget{.path = target_path_,
                         .file = target->second,
                         .role = role,
                         .download = consistent ? target_file_name(target_path_, hash) : target_path_};
    return;
  }
  if (!targets.delegations) return;
  std::vector<Visit> next;
  for (const auto& each : targets.delegations->roles) {
    if (!each.covers(target_path_)) continue;
    next.push_back({each.name, &targets});
    if (each.terminating) {
      to_visit_.clear();
      break;
    }
  }
  to_visit_.insert(to_visit_.end(), next.rbegin(), next.rend());
}

Verdict check_target(const FoundTarget& target, ByteView file) {
  return check_bytes(file, target.file.length, target.file.hashes, target.path);
}

}  // namespace suture::trust::tuf
