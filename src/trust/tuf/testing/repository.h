// A repository in memory whose metadata tests bend before it is signed, and a client's way through it.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "base/digest.h"
#include "trust/tuf/client.h"
#include "trust/tuf/role_names.h"

namespace suture::trust::tuf::testing {

inline const Time now = parse_time("2026-06-01T12:00:00Z").value();
inline const Time next_year = parse_time("2027-06-01T12:00:00Z").value();

inline const ed25519::PrivateKey& key(std::size_t number) {
  static const auto keys = [] {
    std::vector<ed25519::PrivateKey> made;
    for (int i = 0; i < 12; ++i) made.push_back(ed25519::PrivateKey::generate().value());
    return made;
  }();
  return keys.at(number);
}
inline Key public_key(std::size_t number) { return key_of(key(number).public_key()); }

using KeyNumbers = std::vector<std::size_t>;

inline Role role_of(const KeyNumbers& numbers, std::int64_t threshold, Keys& keys) {
  Role role{.keyids = {}, .threshold = threshold};
  for (const auto number : numbers) {
    role.keyids.push_back(public_key(number).id);
    keys.insert_or_assign(public_key(number).id, public_key(number));
  }
  return role;
}

template <typename Content>
Bytes signed_file(const Content& content, const KeyNumbers& signers) {
  auto document = unsigned_document(content);
  for (const auto number : signers) static_cast<void>(sign(document, key(number)));
  const auto text = write(document);
  return {text.begin(), text.end()};
}

inline TargetFile target_file(std::string_view content) {
  return {.length = static_cast<std::int64_t>(content.size()), .hashes = {{"sha256", sha256_hex(as_bytes(content))}}};
}

inline MetaFile meta_file(std::int64_t version, const Bytes& file) {
  return {
      .version = version, .length = static_cast<std::int64_t>(file.size()), .hashes = {{"sha256", sha256_hex(file)}}};
}

class Repository {
 public:
  Repository() {
    for (Head* each : std::initializer_list<Head*>{&root, &targets, &snapshot, &timestamp}) each->expires = next_year;
    root.consistent_snapshot = true;
    set_role("root", {0, 1, 2}, 2);
    set_role("targets", {3}, 1);
    set_role("snapshot", {4}, 1);
    set_role("timestamp", {5}, 1);
    targets.targets["file.txt"] = target_file("content");
    publish_root();
    publish();
  }

  /// Who signs from now on, and who must.
  void set_role(const std::string& role, const KeyNumbers& numbers, std::int64_t threshold) {
    root.roles[role] = role_of(numbers, threshold, root.keys);
    signers[role] = numbers;
  }
  void delegate(const std::string& role, const KeyNumbers& numbers, const std::vector<std::string>& paths,
                bool terminating = false) {
    if (!targets.delegations) targets.delegations.emplace();
    targets.delegations->roles.push_back({.name = role,
                                          .role = role_of(numbers, 1, targets.delegations->keys),
                                          .paths = paths,
                                          .path_hash_prefixes = {},
                                          .terminating = terminating});
    signers[role] = numbers;
    delegated[role].expires = next_year;
  }

  /// `root` as it is now, beside the earlier ones.
  void publish_root() { served[file_name("root", root.version)] = signed_file(root, signers.at("root")); }
  void publish_next_root(const KeyNumbers& signed_by) {
    ++root.version;
    served[file_name("root", root.version)] = signed_file(root, signed_by);
  }
  /// Everything else, each file as the next one lists it.
  void publish() {
    publish_targets("targets", targets);
    for (const auto& [role, content] : delegated) publish_targets(role, content);
    publish_snapshot();
  }
  void publish_snapshot() {
    const auto file = signed_file(snapshot, signers.at("snapshot"));
    served[file_name("snapshot", snapshot.version)] = file;
    timestamp.snapshot = meta_file(snapshot.version, file);
    publish_timestamp();
  }
  void publish_timestamp() { served["timestamp.json"] = signed_file(timestamp, signers.at("timestamp")); }
  /// The same again, a version later.
  void publish_next() {
    for (Head* each : std::initializer_list<Head*>{&targets, &snapshot, &timestamp}) ++each->version;
    publish();
  }

  Root root;
  Targets targets;
  std::map<std::string, Targets> delegated;
  Snapshot snapshot;
  Timestamp timestamp;
  std::map<std::string, KeyNumbers> signers;
  Files served;  ///< by name below metadata/

 private:
  void publish_targets(const std::string& role, const Targets& content) {
    const auto file = signed_file(content, signers.at(role));
    served[file_name(role, content.version)] = file;
    snapshot.meta[role + ".json"] = meta_file(content.version, file);
  }
};

/// Answers what the client wants; the names that it asked for.
inline std::vector<std::string> serve(Client& client, const Files& served) {
  std::vector<std::string> asked;
  while (client.wanted()) {
    const auto file = served.find(asked.emplace_back(client.wanted()->file));
    if (file == served.end()) {
      client.not_found();
    } else {
      client.give(file->second);
    }
  }
  return asked;
}

inline Client refresh(const Repository& repository, const Files& stored, Time time = now) {
  auto client = Client::start(stored, time).value();
  serve(client, repository.served);
  return client;
}

/// What a host has at first.
inline Files first_root(const Repository& repository) { return {{"root.json", repository.served.at("1.root.json")}}; }

/// "rollback: timestamp.json: …", or "" if all went well.
inline std::string refusal(const Client& client) {
  if (!client.refusal()) return "";
  return std::string(name_of(client.refusal()->reason)) + ": " + client.refusal()->message;
}
inline std::string refusal(const Repository& repository, const Files& stored, Time time = now) {
  return refusal(refresh(repository, stored, time));
}

}  // namespace suture::trust::tuf::testing
