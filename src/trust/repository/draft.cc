#include "trust/repository/draft.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/digest.h"
#include "trust/agent/agent_index.h"
#include "trust/repository/differences.h"
#include "trust/repository/roles.h"
#include "trust/tuf/role_names.h"

namespace suture::trust {
namespace {

const Bytes* find(const tuf::Files& files, const std::string& name) {
  const auto found = files.find(name);
  return found == files.end() ? nullptr : &found->second;
}

Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

tuf::MetaFile described(std::int64_t version, const Bytes& file) {
  return {
      .version = version, .length = static_cast<std::int64_t>(file.size()), .hashes = {{"sha256", sha256_hex(file)}}};
}

Result<tuf::Role> role_of(const std::string& name, const RoleKeys& wanted, tuf::Keys& keys) {
  tuf::Role role{.keyids = {}, .threshold = wanted.threshold};
  std::set<std::string> ids;
  for (const auto& key : wanted.keys) {
    if (!ids.insert(key.id).second) return fail("{}: key {} is given twice", name, key.id);
    if (!key.ed25519) return fail("{}: key {} is no Ed25519 key", name, key.id);
    role.keyids.push_back(key.id);
    keys.insert_or_assign(key.id, key);
  }
  if (wanted.threshold < 1 || static_cast<std::size_t>(wanted.threshold) > ids.size()) {
    return fail(Error(fmt::format("{}: {} of {} keys cannot sign", name, wanted.threshold, ids.size()))
                    .advise("a threshold is at least 1, and at most the number of keys"));
  }
  return role;
}

template <typename Roles>
void drop_unused(tuf::Keys& keys, const Roles& roles) {
  std::erase_if(keys, [&](const auto& key) {
    return std::none_of(roles.begin(), roles.end(), [&](const tuf::Role* role) {
      return std::find(role->keyids.begin(), role->keyids.end(), key.first) != role->keyids.end();
    });
  });
}

}  // namespace

template <typename Content>
Status Draft::load(Slot<Content>& slot, const tuf::Files& live, const tuf::Files& staged, const std::string& role) {
  const auto name = tuf::file_name(role);
  if (const auto* file = find(live, name)) {
    slot.live = TRY(tuf::read<Content>(*file, name), "the live metadata");
    slot.live_file = *file;
  }
  if (const auto* file = find(staged, name)) slot.staged = TRY(tuf::read<Content>(*file, name), "the staged metadata");
  // Left over from a publishing that was interrupted after it went live.
  if (slot.live && slot.staged && slot.staged->content.version <= slot.live->content.version) slot.staged.reset();
  return {};
}

Result<Draft> Draft::open(const tuf::Files& live, const tuf::Files& staged, tuf::Time now, const Lifetimes& lifetimes) {
  Draft draft(now, lifetimes);
  TRY(load(draft.root_, live, staged, "root"));
  if (!draft.root_.exists()) return draft;
  TRY(load(draft.targets_, live, staged, "targets"));
  TRY(load(draft.snapshot_, live, staged, "snapshot"));
  TRY(load(draft.timestamp_, live, staged, "timestamp"));
  if (!draft.targets_.exists()) return draft;
  if (const auto& delegations = draft.targets_.newest().content.delegations) {
    for (const auto& each : delegations->roles) TRY(load(draft.delegated_[each.name], live, staged, each.name));
  }
  return draft;
}

/// Stages what `change` makes of the newest content. What is the same stays as it is, signatures included.
template <typename Content, typename Edit>
void Draft::edit(Slot<Content>& slot, std::chrono::days lifetime, Edit change) {
  Content content;
  if (slot.exists()) content = slot.newest().content;
  const auto before = content;
  change(content);
  if (slot.staged && content == before && before.expires > now_) return;
  if (!slot.staged && slot.live) ++content.version;
  content.expires = now_ + lifetime;
  slot.staged = tuf::unsigned_document(std::move(content));
}

template <typename Visitor>
void Draft::each_slot(Visitor visit) {
  visit("root", root_, lifetimes_.root);
  visit("targets", targets_, lifetimes_.targets);
  for (auto& [role, slot] : delegated_) visit(role, slot, lifetimes_.targets);
  visit("snapshot", snapshot_, lifetimes_.snapshot);
  visit("timestamp", timestamp_, lifetimes_.timestamp);
}

template <typename Visitor>
void Draft::each_slot(Visitor visit) const {
  const_cast<Draft*>(this)->each_slot([&](const std::string& role, const auto& slot, auto) { visit(role, slot); });
}

Draft::Demands Draft::demands_of(const std::string& role) const {
  if (!root_.exists()) return {};
  const auto& root = root_.newest().content;
  if (role == "root") {
    Demands demands{{&root.roles.at(role), &root.keys}};
    if (root_.staged && root_.live) demands.push_back({&root_.live->content.roles.at(role), &root_.live->content.keys});
    return demands;
  }
  if (tuf::is_top_level(role)) return {{&root.roles.at(role), &root.keys}};
  if (!targets_.exists() || !targets_.newest().content.delegations) return {};
  const auto& delegations = *targets_.newest().content.delegations;
  for (const auto& each : delegations.roles) {
    if (each.name == role) return {{&each.role, &delegations.keys}};
  }
  return {};
}

std::optional<std::int64_t> Draft::threshold(const std::string& role) const {
  const auto demands = demands_of(role);
  return demands.empty() ? std::nullopt : std::optional(demands.front().role->threshold);
}

namespace {

template <typename Demands>
bool is_complete(const tuf::Document& document, const Demands& demands) {
  return std::all_of(demands.begin(), demands.end(), [&](const auto& demand) {
    return tuf::count_signatures(document, *demand.role, *demand.keys) >=
           static_cast<std::size_t>(demand.role->threshold);
  });
}

}  // namespace

Status Draft::set_keys(const std::map<std::string, RoleKeys>& roles) {
  tuf::Root next;
  if (root_.exists()) next = root_.newest().content;
  next.consistent_snapshot = true;
  for (const auto& [name, keys] : roles) {
    if (!tuf::is_top_level(name)) return fail("'{}' is no top-level role", name);
    next.roles[name] = TRY(role_of(name, keys, next.keys));
  }
  std::vector<const tuf::Role*> used;
  for (const auto name : tuf::top_level_roles) {
    const auto role = next.roles.find(std::string(name));
    if (role == next.roles.end()) {
      return fail(
          Error(fmt::format("nobody may sign {}", name)).advise("the first root names keys for all four roles"));
    }
  }
  for (const auto& [name, role] : next.roles) used.push_back(&role);
  drop_unused(next.keys, used);
  edit(root_, lifetimes_.root, [&](tuf::Root& root) { root = next; });
  return {};
}

Status Draft::delegate(const std::string& name, const std::optional<RoleKeys>& keys) {
  auto paths = TRY(paths_of_role(name));
  if (!keys && delegated_.contains(name)) return {};
  if (!root_.exists()) return fail(Error("there is no root yet").advise("begin with: suture keys init"));
  auto wanted = keys;
  if (!wanted) {
    // Those of targets sign levels, too: the role is there so that whoever does makes no host install a program.
    if (name == agent_role) {
      return fail(Error(fmt::format("nobody may sign for {}: it has no keys, and those of targets are not taken", name))
                      .advise(fmt::format("give it keys of its own: suture keys rotate --role {}=FILE.pub", name)));
    }
    const auto& root = root_.newest().content;
    wanted.emplace().threshold = root.roles.at("targets").threshold;
    for (const auto& id : root.roles.at("targets").keyids) wanted->keys.push_back(root.keys.at(id));
  }
  tuf::Delegations delegations;
  if (targets_.exists()) delegations = targets_.newest().content.delegations.value_or(tuf::Delegations{});
  auto& roles = delegations.roles;
  auto role = std::find_if(roles.begin(), roles.end(), [&](const auto& each) { return each.name == name; });
  if (role == roles.end()) {
    auto& added = roles.emplace_back();
    added.name = name;
    added.paths = std::move(paths);
    added.terminating = true;
    role = std::prev(roles.end());
  }
  role->role = TRY(role_of(name, *wanted, delegations.keys));
  std::vector<const tuf::Role*> used;
  for (const auto& each : roles) used.push_back(&each.role);
  drop_unused(delegations.keys, used);
  edit(targets_, lifetimes_.targets, [&](tuf::Targets& targets) { targets.delegations = delegations; });
  auto& slot = delegated_[name];
  if (!slot.exists()) edit(slot, lifetimes_.targets, [](tuf::Targets&) {});
  return {};
}

Status Draft::set_target(const std::string& role, const std::string& path, const tuf::TargetFile& file) {
  const auto slot = delegated_.find(role);
  if (slot == delegated_.end()) return fail("nobody may sign for {}", role);
  edit(slot->second, lifetimes_.targets, [&](tuf::Targets& targets) { targets.targets[path] = file; });
  return {};
}

std::optional<tuf::TargetFile> Draft::target(const std::string& role, const std::string& path) const {
  const auto slot = delegated_.find(role);
  if (slot == delegated_.end()) return std::nullopt;
  const auto& targets = slot->second.newest().content.targets;
  const auto found = targets.find(path);
  return found == targets.end() ? std::nullopt : std::optional(found->second);
}

Status Draft::renew(const std::string& role) {
  bool found = false;
  each_slot([&](const std::string& name, auto& slot, std::chrono::days lifetime) {
    if (name != role || !slot.exists()) return;
    found = true;
    if (!slot.staged) edit(slot, lifetime, [](auto&) {});
  });
  if (!found) return fail("there is no role '{}' to renew", role);
  return {};
}

/// Whether clients would refuse what there is, however many keys sign it.
template <typename Content>
bool Draft::is_stale(const Slot<Content>& slot, const Demands& demands) const {
  if (slot.staged) return slot.staged->content.expires <= now_;
  return !slot.live || slot.live->content.expires <= now_ || !is_complete(*slot.live, demands);
}

void Draft::renew_stale() {
  if (is_stale(root_, demands_of("root"))) edit(root_, lifetimes_.root, [](auto&) {});
  if (is_stale(targets_, demands_of("targets"))) edit(targets_, lifetimes_.targets, [](auto&) {});
  for (auto& [role, slot] : delegated_) {
    if (is_stale(slot, demands_of(role))) edit(slot, lifetimes_.targets, [](auto&) {});
  }
}

void Draft::list_in_snapshot() {
  auto meta = snapshot_.exists() ? snapshot_.newest().content.meta : std::map<std::string, tuf::MetaFile>{};
  const auto list = [&](const std::string& role, const Slot<tuf::Targets>& slot) {
    const auto file = slot.staged ? bytes_of(tuf::write(*slot.staged)) : slot.live_file;
    meta[role + ".json"] = described(slot.newest().content.version, file);
  };
  list("targets", targets_);
  for (const auto& [role, slot] : delegated_) list(role, slot);
  const bool same = snapshot_.exists() && snapshot_.newest().content.meta == meta;
  if (same && !is_stale(snapshot_, demands_of("snapshot"))) return;
  edit(snapshot_, lifetimes_.snapshot, [&](tuf::Snapshot& snapshot) { snapshot.meta = meta; });
}

void Draft::list_in_timestamp() {
  const auto file = snapshot_.staged ? bytes_of(tuf::write(*snapshot_.staged)) : snapshot_.live_file;
  const auto meta = described(snapshot_.newest().content.version, file);
  const bool same = timestamp_.exists() && timestamp_.newest().content.snapshot == meta;
  if (same && !is_stale(timestamp_, demands_of("timestamp"))) return;
  edit(timestamp_, lifetimes_.timestamp, [&](tuf::Timestamp& timestamp) { timestamp.snapshot = meta; });
}

Result<std::size_t> Draft::advance(const std::vector<ed25519::PrivateKey>& keys) {
  if (!root_.exists()) return fail(Error("there is no root yet").advise("begin with: suture keys init"));
  renew_stale();
  std::size_t added = 0;
  std::optional<Error> error;
  // Whether the role needs no more signatures.
  const auto sign = [&](const std::string& role, auto& slot) {
    if (!slot.staged) return true;
    const auto demands = demands_of(role);
    for (const auto& key : keys) {
      const auto id = tuf::key_of(key.public_key()).id;
      for (const auto& demand : demands) {
        const auto& ids = demand.role->keyids;
        const tuf::Role alone{.keyids = {id}};
        if (std::find(ids.begin(), ids.end(), id) == ids.end()) continue;
        if (tuf::count_signatures(*slot.staged, alone, *demand.keys) == 1) continue;
        if (auto done = tuf::sign(*slot.staged, key); !done) error = std::move(done).error();
        ++added;
      }
    }
    return is_complete(*slot.staged, demands);
  };
  bool complete = sign("root", root_);
  complete = sign("targets", targets_) && complete;
  for (auto& [role, slot] : delegated_) complete = sign(role, slot) && complete;
  if (complete) {
    list_in_snapshot();
    complete = sign("snapshot", snapshot_);
  } else {
    snapshot_.staged.reset();  // would list files that are not what they will be
  }
  if (complete) {
    list_in_timestamp();
    sign("timestamp", timestamp_);
  } else {
    timestamp_.staged.reset();
  }
  if (error) return fail(std::move(*error));
  return added;
}

bool Draft::anything_staged() const {
  bool any = false;
  each_slot([&](const std::string&, const auto& slot) { any = any || slot.staged.has_value(); });
  return any;
}

std::vector<Unsigned> Draft::missing() const {
  std::vector<Unsigned> missing;
  each_slot([&](const std::string& role, const auto& slot) {
    if (!slot.staged) return;
    for (const auto& demand : demands_of(role)) {
      Unsigned one{.role = role,
                   .version = slot.staged->content.version,
                   .have = tuf::count_signatures(*slot.staged, *demand.role, *demand.keys),
                   .need = static_cast<std::size_t>(demand.role->threshold),
                   .keyids = {}};
      if (one.have >= one.need) continue;
      for (const auto& id : demand.role->keyids) {
        if (tuf::count_signatures(*slot.staged, {.keyids = {id}}, *demand.keys) == 0) one.keyids.push_back(id);
      }
      missing.push_back(std::move(one));
    }
  });
  return missing;
}

std::vector<Change> Draft::changes() const {
  std::vector<Change> changes;
  each_slot([&](const std::string& role, const auto& slot) {
    if (!slot.staged) return;
    const auto& content = slot.staged->content;
    changes.push_back({.role = role,
                       .version = content.version,
                       .expires = content.expires,
                       .differences = differences(slot.live ? &slot.live->content : nullptr, content)});
  });
  return changes;
}

tuf::Files Draft::staged() const {
  tuf::Files files;
  each_slot([&](const std::string& role, const auto& slot) {
    if (slot.staged) files[tuf::file_name(role)] = bytes_of(tuf::write(*slot.staged));
  });
  return files;
}

std::vector<std::pair<std::string, Bytes>> Draft::publishable() const {
  std::vector<std::pair<std::string, Bytes>> files;
  if (!missing().empty()) return files;
  each_slot([&](const std::string& role, const auto& slot) {
    if (!slot.staged) return;
    const auto name = role == "timestamp" ? tuf::file_name(role) : tuf::file_name(role, slot.staged->content.version);
    files.emplace_back(name, bytes_of(tuf::write(*slot.staged)));
  });
  return files;
}

Result<tuf::Files> live_metadata(const std::function<Result<std::optional<Bytes>>(const std::string& name)>& file) {
  tuf::Files live;
  for (std::int64_t version = 1;; ++version) {
    auto root = TRY(file(tuf::file_name("root", version)));
    if (!root) break;
    live["root.json"] = std::move(*root);
  }
  auto timestamp = TRY(file("timestamp.json"));
  if (!timestamp) return live;
  const auto need = [&](const std::string& role, std::int64_t version) -> Status {
    auto content = TRY(file(tuf::file_name(role, version)));
    if (!content) return fail("{}: is missing from the repository", tuf::file_name(role, version));
    live[tuf::file_name(role)] = std::move(*content);
    return {};
  };
  const auto stamp = TRY(tuf::read<tuf::Timestamp>(*timestamp, "timestamp.json"));
  live["timestamp.json"] = std::move(*timestamp);
  TRY(need("snapshot", stamp.content.snapshot.version));
  const auto snapshot = TRY(tuf::read<tuf::Snapshot>(live["snapshot.json"], "snapshot.json"));
  for (const auto& [name, meta] : snapshot.content.meta) {
    constexpr std::string_view extension = ".json";
    if (!name.ends_with(extension)) return fail("snapshot.json: '{}' is no metadata file", name);
    TRY(need(name.substr(0, name.size() - extension.size()), meta.version));
  }
  return live;
}

}  // namespace suture::trust
