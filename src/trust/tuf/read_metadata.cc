#include <algorithm>
#include <array>
#include <set>

#include "base/digest.h"
#include "base/strict_json.h"
#include "trust/tuf/canonical_json.h"
#include "trust/tuf/metadata.h"
#include "trust/tuf/role_names.h"

namespace suture::trust::tuf {
namespace {

using boost::json::value;
using json::Fields;

// More than anybody needs, and few enough to check in no time.
constexpr std::size_t most_signatures = 256;
constexpr std::size_t most_keys = 4096;

Unrecognized rest_of(const Fields& fields) {
  Unrecognized more;
  for (const auto name : fields.rest()) more.emplace(name, boost::json::serialize(fields.all().at(name)));
  return more;
}

Result<std::vector<std::string>> strings(Fields& fields, std::string_view name) {
  std::vector<std::string> texts;
  for (const auto& element : *TRY(fields.array(name))) {
    const auto* text = element.if_string();
    if (text == nullptr) return fail("{}: holds something else than strings", fields.place(name));
    texts.emplace_back(text->data(), text->size());
  }
  return texts;
}

Result<Hashes> read_hashes(Fields& fields) {
  auto object = TRY(fields.object("hashes"));
  Hashes hashes;
  for (const auto& member : object.all()) hashes.emplace(member.key(), TRY(object.string(member.key())));
  for (const auto& [name, length] : {std::pair{"sha256", 64U}, std::pair{"sha512", 128U}}) {
    const auto hash = hashes.find(name);
    if (hash != hashes.end() && (hash->second.size() != length || !from_hex(hash->second))) {
      return fail("{}: is no hash but '{}'", object.place(name), hash->second);
    }
  }
  if (!hashes.contains("sha256") && !hashes.contains("sha512")) {
    return fail("{}: has neither sha256 nor sha512", fields.place("hashes"));
  }
  return hashes;
}

Result<Key> read_key(const value& json, const std::string& place) {
  auto fields = TRY(Fields::of(json, place));
  const auto kind = TRY(fields.string("keytype"));
  const auto scheme = TRY(fields.string("scheme"));
  auto values = TRY(fields.object("keyval"));
  const auto text = TRY(values.string("public"));
  auto canonical = canonical_json(json);
  auto id = sha256_hex(as_bytes(canonical));
  Key key{.id = std::move(id), .json = std::move(canonical)};
  if (kind == "ed25519" && scheme == "ed25519") {
    const auto bytes = from_hex(text);
    if (!bytes || bytes->size() != std::tuple_size_v<ed25519::PublicKey>) {
      return fail("{}: is no Ed25519 key but '{}'", values.place("public"), text);
    }
    std::copy(bytes->begin(), bytes->end(), key.ed25519.emplace().begin());
  }
  return key;
}

Result<Keys> read_keys(Fields& parent) {
  auto fields = TRY(parent.object("keys"));
  if (fields.all().size() > most_keys) return fail("{}: has more than {} keys", parent.place("keys"), most_keys);
  Keys keys;
  for (const auto& member : fields.all()) {
    auto key = TRY(read_key(member.value(), fields.place(member.key())));
    if (key.id != std::string_view(member.key())) {
      return fail("{}: is not this key's id, which is {}", fields.place(member.key()), key.id);
    }
    keys.emplace(member.key(), std::move(key));
  }
  return keys;
}

/// All but what is unrecognized: a delegation has more members that are not.
Result<Role> read_role_keys(Fields& fields) {
  Role role;
  role.keyids = TRY(strings(fields, "keyids"));
  role.threshold = TRY(fields.integer("threshold", 1));
  if (std::set(role.keyids.begin(), role.keyids.end()).size() != role.keyids.size()) {
    return fail("{}: names a key twice", fields.place("keyids"));
  }
  return role;
}

Result<MetaFile> read_meta_file(const value& json, const std::string& place) {
  auto fields = TRY(Fields::of(json, place));
  MetaFile file;
  file.version = TRY(fields.integer("version", 1));
  if (fields.all().contains("length")) file.length = TRY(fields.integer("length", 0));
  if (fields.all().contains("hashes")) file.hashes = TRY(read_hashes(fields));
  file.more = rest_of(fields);
  return file;
}

Result<Delegation> read_delegation(const value& json, const std::string& place) {
  auto fields = TRY(Fields::of(json, place));
  Delegation delegation;
  delegation.name = TRY(fields.string("name"));
  delegation.role = TRY(read_role_keys(fields));
  delegation.terminating = TRY(fields.boolean("terminating"));
  if (fields.all().contains("paths")) delegation.paths = TRY(strings(fields, "paths"));
  if (fields.all().contains("path_hash_prefixes")) {
    delegation.path_hash_prefixes = TRY(strings(fields, "path_hash_prefixes"));
  }
  if (delegation.paths.has_value() == delegation.path_hash_prefixes.has_value()) {
    return fail("{}: has not exactly one of paths and path_hash_prefixes", place);
  }
  if (delegation.name.empty() || is_top_level(delegation.name)) {
    return fail("{}: '{}' cannot be delegated to", fields.place("name"), delegation.name);
  }
  delegation.role.more = rest_of(fields);
  return delegation;
}

Result<Delegations> read_delegations(Fields& parent) {
  auto fields = TRY(parent.object("delegations"));
  Delegations delegations;
  delegations.keys = TRY(read_keys(fields));
  std::set<std::string_view> names;
  for (const auto& element : *TRY(fields.array("roles"))) {
    const auto place = fmt::format("{}[{}]", fields.place("roles"), delegations.roles.size());
    delegations.roles.push_back(TRY(read_delegation(element, place)));
  }
  for (const auto& each : delegations.roles) {
    if (!names.insert(each.name).second) return fail("{}: has '{}' twice", fields.place("roles"), each.name);
  }
  delegations.more = rest_of(fields);
  return delegations;
}

Status read_content(Fields& fields, Root& root) {
  if (fields.all().contains("consistent_snapshot"))
    root.consistent_snapshot = TRY(fields.boolean("consistent_snapshot"));
  root.keys = TRY(read_keys(fields));
  auto roles = TRY(fields.object("roles"));
  for (const auto& member : roles.all()) {
    auto role_fields = TRY(roles.object(member.key()));
    auto role = TRY(read_role_keys(role_fields));
    role.more = rest_of(role_fields);
    root.roles.emplace(member.key(), std::move(role));
  }
  for (const auto name : top_level_roles) TRY(roles.get(name));
  return {};
}

Status read_content(Fields& fields, Timestamp& timestamp) {
  auto meta = TRY(fields.object("meta"));
  const auto* snapshot = TRY(meta.get("snapshot.json"));
  timestamp.snapshot = TRY(read_meta_file(*snapshot, meta.place("snapshot.json")));
  return meta.no_rest();
}

Status read_content(Fields& fields, Snapshot& snapshot) {
  auto meta = TRY(fields.object("meta"));
  TRY(meta.get("targets.json"));
  for (const auto& member : meta.all()) {
    snapshot.meta.emplace(member.key(), TRY(read_meta_file(member.value(), meta.place(member.key()))));
  }
  return {};
}

Status read_content(Fields& fields, Targets& targets) {
  auto files = TRY(fields.object("targets"));
  for (const auto& member : files.all()) {
    auto file_fields = TRY(files.object(member.key()));
    TargetFile file;
    file.length = TRY(file_fields.integer("length", 0));
    file.hashes = TRY(read_hashes(file_fields));
    file.more = rest_of(file_fields);
    targets.targets.emplace(member.key(), std::move(file));
  }
  if (fields.all().contains("delegations")) targets.delegations = TRY(read_delegations(fields));
  return {};
}

Status read_head(Fields& fields, std::string_view type, Head& head) {
  const auto found = TRY(fields.string("_type"));
  if (found != type) return fail("{}: is '{}', '{}' was expected", fields.place("_type"), found, type);
  head.spec_version = TRY(fields.string("spec_version"));
  // Semantic versions: what changes within 1.* is compatible.
  if (!head.spec_version.starts_with("1.")) {
    return fail("{}: is '{}'; 1.* is what can be read", fields.place("spec_version"), head.spec_version);
  }
  head.version = TRY(fields.integer("version", 1));
  const auto expires = TRY(fields.string("expires"));
  head.expires = TRY(parse_time(expires), "{}", fields.place("expires"));
  return {};
}

Result<std::vector<Signature>> read_signatures(Fields& parent) {
  const auto& array = *TRY(parent.array("signatures"));
  if (array.size() > most_signatures) {
    return fail("{}: has more than {}", parent.place("signatures"), most_signatures);
  }
  std::vector<Signature> signatures;
  std::set<std::string> signers;
  for (const auto& element : array) {
    auto fields = TRY(Fields::of(element, fmt::format("{}[{}]", parent.place("signatures"), signatures.size())));
    Signature signature;
    signature.keyid = TRY(fields.string("keyid"));
    signature.sig = TRY(fields.string("sig"));
    signature.more = rest_of(fields);
    if (!signers.insert(signature.keyid).second) {
      return fail("{}: has two signatures by key {}", parent.place("signatures"), signature.keyid);
    }
    signatures.push_back(std::move(signature));
  }
  return signatures;
}

}  // namespace

Result<Key> read_key(std::string_view json, std::string_view name) {
  const auto value = TRY(json::parse_strict(json, name));
  return read_key(value, std::string(name));
}

template <typename Content>
Result<Signed<Content>> read(ByteView file, std::string_view name) {
  const auto json = TRY(json::parse_strict(as_text(file), name));
  auto outer = TRY(Fields::of(json, std::string(name)));
  auto fields = TRY(outer.object("signed"));
  Signed<Content> document;
  TRY(read_head(fields, Content::type, document.content));
  TRY(read_content(fields, document.content));
  document.content.more = rest_of(fields);
  document.payload = canonical_json(*TRY(outer.get("signed")));
  document.signatures = TRY(read_signatures(outer));
  document.more = rest_of(outer);
  return document;
}

template Result<Signed<Root>> read(ByteView, std::string_view);
template Result<Signed<Timestamp>> read(ByteView, std::string_view);
template Result<Signed<Snapshot>> read(ByteView, std::string_view);
template Result<Signed<Targets>> read(ByteView, std::string_view);

}  // namespace suture::trust::tuf
