// The metadata of The Update Framework 1.0 as values, and their files.
//
// Reading is strict: what the specification names must be there and well-formed. What it does not name
// is kept, counts for signatures, and is written again. Source: TUF specification 1.0.33, section 4.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "trust/ed25519.h"
#include "trust/tuf/time.h"

namespace suture::trust::tuf {

/// Members that the specification does not name: JSON text by name.
using Unrecognized = std::map<std::string, std::string>;
/// Hexadecimal, by the name of the function. Holds "sha256" or "sha512" where it is not empty.
using Hashes = std::map<std::string, std::string>;

struct Key {
  std::string id;                               ///< SHA-256 of `json`, in hexadecimal
  std::string json;                             ///< the key's canonical JSON
  std::optional<ed25519::PublicKey> ed25519{};  ///< nothing for a kind of key that is not checked here
  bool operator==(const Key&) const = default;
};
using Keys = std::map<std::string, Key>;  ///< by id

Key key_of(const ed25519::PublicKey& public_key);
/// The JSON of a public key, as it stands in metadata.
Result<Key> read_key(std::string_view json, std::string_view name);

/// Who may sign, and how many of them must.
struct Role {
  std::vector<std::string> keyids;  ///< each once
  std::int64_t threshold = 1;       ///< at least 1
  Unrecognized more{};
  bool operator==(const Role&) const = default;
};

/// What all metadata begins with.
struct Head {
  std::string spec_version = "1.0.31";
  std::int64_t version = 1;
  Time expires{};
  Unrecognized more{};
  bool operator==(const Head&) const = default;
};

struct Root : Head {
  static constexpr std::string_view type = "root";
  std::optional<bool> consistent_snapshot{};
  Keys keys{};
  std::map<std::string, Role> roles{};  ///< root, timestamp, snapshot and targets are among them
  bool operator==(const Root&) const = default;
};

/// What one metadata file says of another.
struct MetaFile {
  std::int64_t version = 1;
  std::optional<std::int64_t> length{};
  Hashes hashes{};
  Unrecognized more{};
  bool operator==(const MetaFile&) const = default;
};

struct Timestamp : Head {
  static constexpr std::string_view type = "timestamp";
  MetaFile snapshot{};
  bool operator==(const Timestamp&) const = default;
};

struct Snapshot : Head {
  static constexpr std::string_view type = "snapshot";
  std::map<std::string, MetaFile> meta{};  ///< by file name; "targets.json" is among them
  bool operator==(const Snapshot&) const = default;
};

struct TargetFile {
  std::int64_t length = 0;
  Hashes hashes{};      ///< not empty
  Unrecognized more{};  ///< with "custom", if there is one
  bool operator==(const TargetFile&) const = default;
};

struct Delegation {
  std::string name;  ///< no top-level role's
  Role role{};
  /// Exactly one of the two is there.
  std::optional<std::vector<std::string>> paths{}, path_hash_prefixes{};
  bool terminating = false;
  bool operator==(const Delegation&) const = default;

  /// Whether the role is trusted to speak of this target.
  bool covers(std::string_view target_path) const;
};

struct Delegations {
  Keys keys{};
  std::vector<Delegation> roles{};  ///< the first is trusted most; names differ
  Unrecognized more{};
  bool operator==(const Delegations&) const = default;
};

struct Targets : Head {
  static constexpr std::string_view type = "targets";
  std::map<std::string, TargetFile> targets{};  ///< by path
  std::optional<Delegations> delegations{};
  bool operator==(const Targets&) const = default;
};

struct Signature {
  std::string keyid;
  std::string sig;  ///< hexadecimal
  Unrecognized more{};
  bool operator==(const Signature&) const = default;
};

/// What signing and checking needs of a metadata file, whatever its role.
struct Document {
  std::string payload;                  ///< canonical JSON: the bytes that are signed
  std::vector<Signature> signatures{};  ///< at most one of each key id
  Unrecognized more{};
};

template <typename Content>
struct Signed : Document {
  Content content;
};

/// `name` is what errors call the file. No signature is looked at.
template <typename Content>
Result<Signed<Content>> read(ByteView file, std::string_view name);

/// Without a signature yet.
template <typename Content>
Signed<Content> unsigned_document(Content content);

/// The file. Reading it gives an equal document.
template <typename Content>
std::string write(const Signed<Content>& document);

/// Adds the key's signature, in place of an earlier one by the same key.
Status sign(Document& document, const ed25519::PrivateKey& key);

/// How many of the role's keys signed. A key counts once, however often and under however many ids it
/// is listed.
std::size_t count_signatures(const Document& document, const Role& role, const Keys& keys);

}  // namespace suture::trust::tuf
