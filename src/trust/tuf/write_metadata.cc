#include <algorithm>

#include "base/digest.h"
#include "base/json.h"
#include "trust/tuf/canonical_json.h"
#include "trust/tuf/metadata.h"

namespace suture::trust::tuf {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

// What these texts hold was read or written as JSON before.
value from_text(const std::string& text) { return boost::json::parse(text); }

object with(const Unrecognized& more) {
  object json;
  for (const auto& [name, text] : more) json.emplace(name, from_text(text));
  return json;
}

array to_json(const std::vector<std::string>& texts) { return array(texts.begin(), texts.end()); }

object to_json(const Hashes& hashes) {
  object json;
  for (const auto& [name, hash] : hashes) json.emplace(name, hash);
  return json;
}

object to_json(const Keys& keys) {
  object json;
  for (const auto& [id, key] : keys) json.emplace(id, from_text(key.json));
  return json;
}

object to_json(const Role& role) {
  auto json = with(role.more);
  json.emplace("keyids", to_json(role.keyids));
  json.emplace("threshold", role.threshold);
  return json;
}

object to_json(const MetaFile& file) {
  auto json = with(file.more);
  json.emplace("version", file.version);
  if (file.length) json.emplace("length", *file.length);
  if (!file.hashes.empty()) json.emplace("hashes", to_json(file.hashes));
  return json;
}

object to_json(const Delegations& delegations) {
  array roles;
  for (const auto& each : delegations.roles) {
    auto role = to_json(each.role);
    role.emplace("name", each.name);
    role.emplace("terminating", each.terminating);
    if (each.paths) role.emplace("paths", to_json(*each.paths));
    if (each.path_hash_prefixes) role.emplace("path_hash_prefixes", to_json(*each.path_hash_prefixes));
    roles.push_back(std::move(role));
  }
  auto json = with(delegations.more);
  json.emplace("keys", to_json(delegations.keys));
  json.emplace("roles", std::move(roles));
  return json;
}

void add_content(object& json, const Root& root) {
  object roles;
  for (const auto& [name, role] : root.roles) roles.emplace(name, to_json(role));
  if (root.consistent_snapshot) json.emplace("consistent_snapshot", *root.consistent_snapshot);
  json.emplace("keys", to_json(root.keys));
  json.emplace("roles", std::move(roles));
}

void add_content(object& json, const Timestamp& timestamp) {
  json.emplace("meta", object{{"snapshot.json", to_json(timestamp.snapshot)}});
}

void add_content(object& json, const Snapshot& snapshot) {
  object meta;
  for (const auto& [name, file] : snapshot.meta) meta.emplace(name, to_json(file));
  json.emplace("meta", std::move(meta));
}

void add_content(object& json, const Targets& targets) {
  object files;
  for (const auto& [path, file] : targets.targets) {
    auto each = with(file.more);
    each.emplace("length", file.length);
    each.emplace("hashes", to_json(file.hashes));
    files.emplace(path, std::move(each));
  }
  json.emplace("targets", std::move(files));
  if (targets.delegations) json.emplace("delegations", to_json(*targets.delegations));
}

template <typename Content>
object to_json(const Content& content) {
  auto json = with(content.more);
  json.emplace("_type", std::string(Content::type));
  json.emplace("spec_version", content.spec_version);
  json.emplace("version", content.version);
  json.emplace("expires", format_time(content.expires));
  add_content(json, content);
  return json;
}

}  // namespace

Key key_of(const ed25519::PublicKey& public_key) {
  auto json =
      canonical_json({{"keytype", "ed25519"}, {"scheme", "ed25519"}, {"keyval", {{"public", to_hex(public_key)}}}});
  auto id = sha256_hex(as_bytes(json));
  return {.id = std::move(id), .json = std::move(json), .ed25519 = public_key};
}

template <typename Content>
Signed<Content> unsigned_document(Content content) {
  Signed<Content> document;
  document.payload = canonical_json(to_json(content));
  document.content = std::move(content);
  return document;
}

template <typename Content>
std::string write(const Signed<Content>& document) {
  array signatures;
  for (const auto& each : document.signatures) {
    auto signature = with(each.more);
    signature.emplace("keyid", each.keyid);
    signature.emplace("sig", each.sig);
    signatures.push_back(std::move(signature));
  }
  auto json = with(document.more);
  json.emplace("signatures", std::move(signatures));
  json.emplace("signed", to_json(document.content));
  return json::pretty(json);
}

template Signed<Root> unsigned_document(Root);
template Signed<Timestamp> unsigned_document(Timestamp);
template Signed<Snapshot> unsigned_document(Snapshot);
template Signed<Targets> unsigned_document(Targets);
template std::string write(const Signed<Root>&);
template std::string write(const Signed<Timestamp>&);
template std::string write(const Signed<Snapshot>&);
template std::string write(const Signed<Targets>&);

}  // namespace suture::trust::tuf
