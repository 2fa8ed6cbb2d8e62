#include "trust/tuf/trusted_metadata.h"

#include <openssl/evp.h>

#include <algorithm>

#include "trust/tuf/role_names.h"

namespace suture::trust::tuf {
namespace {

template <typename... Args>
tl::unexpected<Refusal> refuse(Reason reason, fmt::format_string<Args...> format, Args&&... args) {
  return tl::unexpected<Refusal>({reason, fmt::format(format, std::forward<Args>(args)...)});
}

template <typename Content>
tl::expected<Signed<Content>, Refusal> parse(ByteView file, const std::string& name) {
  auto document = read<Content>(file, name);
  if (!document) return refuse(Reason::malformed, "{}", document.error().describe());
  return std::move(*document);
}

Verdict check_signatures(const Document& document, const Role& role, const Keys& keys, const std::string& name) {
  const auto count = static_cast<std::int64_t>(count_signatures(document, role, keys));
  if (count >= role.threshold) return {};
  return refuse(Reason::bad_signatures, "{}: {} of the {} keys that must sign it did", name, count, role.threshold);
}

Verdict check_version(std::int64_t offered, std::int64_t seen, const std::string& name) {
  if (offered >= seen) return {};
  return refuse(Reason::rollback, "{}: version {} is offered, although version {} was seen before", name, offered,
                seen);
}

bool takes_a_key(const Root& before, const Root& after, const std::string& role) {
  const auto& kept = after.roles.at(role).keyids;
  return std::any_of(before.roles.at(role).keyids.begin(), before.roles.at(role).keyids.end(),
                     [&](const std::string& id) { return std::find(kept.begin(), kept.end(), id) == kept.end(); });
}

struct Signers {
  const Role* role = nullptr;
  const Keys* keys = nullptr;
};

Signers find_signers(const Root& root, const std::string& role, const Targets* delegator) {
  if (delegator == nullptr) return {&root.roles.at("targets"), &root.keys};
  if (!delegator->delegations) return {};
  for (const auto& each : delegator->delegations->roles) {
    if (each.name == role) return {&each.role, &delegator->delegations->keys};
  }
  return {};
}

Bytes digest(const EVP_MD* function, ByteView bytes) {
  Bytes out(EVP_MAX_MD_SIZE);
  unsigned int length = 0;
  EVP_Digest(bytes.data(), bytes.size(), out.data(), &length, function, nullptr);
  out.resize(length);
  return out;
}

}  // namespace

Verdict check_bytes(ByteView file, std::optional<std::int64_t> length, const Hashes& hashes, std::string_view name) {
  const auto size = static_cast<std::int64_t>(file.size());
  if (length && size > *length)
    return refuse(Reason::too_long, "{}: is longer than the {} bytes announced", name, *length);
  if (length && size < *length)
    return refuse(Reason::mismatch, "{}: has {} bytes, {} are announced", name, size, *length);
  for (const auto& [function, expected] : hashes) {
    const auto* digester = function == "sha256" ? EVP_sha256() : function == "sha512" ? EVP_sha512() : nullptr;
    if (digester == nullptr) continue;  // reading saw to it that one of the two is there
    const auto found = digest(digester, file);
    if (found != from_hex(expected).value_or(Bytes{})) {
      return refuse(Reason::mismatch, "{}: has the {} {}, {} is announced", name, function, to_hex(found), expected);
    }
  }
  return {};
}

Result<TrustedMetadata> TrustedMetadata::from_root(ByteView root, Time now) {
  auto document = TRY(read<Root>(root, "root.json"));
  const auto own = check_signatures(document, document.content.roles.at("root"), document.content.keys, "root.json");
  if (!own) return fail("{}", own.error().message);
  return TrustedMetadata(std::move(document), now);
}

Verdict TrustedMetadata::check_expiry(const Head& head, const std::string& file) const {
  if (head.expires > now_) return {};
  return refuse(Reason::expired, "{}: version {} has expired on {}, and it is {}", file, head.version,
                format_time(head.expires), format_time(now_));
}

Verdict TrustedMetadata::update_root(ByteView file) {
  const auto next = root_.content.version + 1;
  const auto name = file_name("root", next);
  auto document = parse<Root>(file, name);
  if (!document) return tl::unexpected(document.error());
  const auto& root = document->content;
  if (auto old = check_signatures(*document, root_.content.roles.at("root"), root_.content.keys, name); !old) {
    old.error().message += fmt::format(" (keys of version {})", root_.content.version);
    return old;
  }
  if (auto own = check_signatures(*document, root.roles.at("root"), root.keys, name); !own) {
    own.error().message += " (its own keys)";
    return own;
  }
  if (root.version == root_.content.version) return {};  // 5.3.5
  if (root.version != next) {
    return refuse(root.version < next ? Reason::rollback : Reason::mismatch, "{}: holds version {}", name,
                  root.version);
  }
  keys_rotated_ =
      keys_rotated_ || takes_a_key(root_.content, root, "timestamp") || takes_a_key(root_.content, root, "snapshot");
  root_ = std::move(*document);
  return {};
}

Verdict TrustedMetadata::check_root_expiry() const { return check_expiry(root_.content, "root.json"); }

void TrustedMetadata::recall_timestamp(ByteView file) {
  auto document = parse<Timestamp>(file, "timestamp.json");
  if (document && check_signatures(*document, root().roles.at("timestamp"), root().keys, "timestamp.json")) {
    timestamp_ = std::move(*document);
  }
}

void TrustedMetadata::recall_snapshot(ByteView file) {
  auto document = parse<Snapshot>(file, "snapshot.json");
  if (document && check_signatures(*document, root().roles.at("snapshot"), root().keys, "snapshot.json")) {
    snapshot_ = std::move(*document);
  }
}

Verdict TrustedMetadata::update_timestamp(ByteView file) {
  const std::string name = "timestamp.json";
  auto document = parse<Timestamp>(file, name);
  if (!document) return tl::unexpected(document.error());
  if (auto good = check_signatures(*document, root().roles.at("timestamp"), root().keys, name); !good)
    return good;  // 5.4.2
  const auto& offered = document->content;
  if (timestamp_) {
    const auto& seen = timestamp_->content;
    if (auto newer = check_version(offered.version, seen.version, name); !newer) return newer;  // 5.4.3.1
    if (offered.version == seen.version) return check_expiry(seen, name);
    if (auto newer = check_version(offered.snapshot.version, seen.snapshot.version, "snapshot.json"); !newer) {
      return newer;  // 5.4.3.2
    }
  }
  if (auto fresh = check_expiry(offered, name); !fresh) return fresh;  // 5.4.4
  timestamp_ = std::move(*document);
  return {};
}

Verdict TrustedMetadata::check_final_snapshot(const Snapshot& snapshot) const {
  if (snapshot.version != timestamp().snapshot.version) {  // 5.5.4
    return refuse(Reason::mismatch, "snapshot.json: is version {}, timestamp.json speaks of {}", snapshot.version,
                  timestamp().snapshot.version);
  }
  return check_expiry(snapshot, "snapshot.json");  // 5.5.6
}

bool TrustedMetadata::snapshot_is_current(ByteView file) const {
  const auto& meta = timestamp().snapshot;
  return snapshot_ && check_final_snapshot(snapshot_->content) &&
         check_bytes(file, meta.length, meta.hashes, "snapshot.json");
}

Verdict TrustedMetadata::update_snapshot(ByteView file) {
  const std::string name = "snapshot.json";
  const auto& meta = timestamp().snapshot;
  if (auto same = check_bytes(file, meta.length, meta.hashes, name); !same) return same;  // 5.5.2
  auto document = parse<Snapshot>(file, name);
  if (!document) return tl::unexpected(document.error());
  if (auto good = check_signatures(*document, root().roles.at("snapshot"), root().keys, name); !good)
    return good;  // 5.5.3
  if (auto final = check_final_snapshot(document->content); !final) return final;
  if (snapshot_) {  // 5.5.5
    for (const auto& [each, seen] : snapshot_->content.meta) {
      const auto offered = document->content.meta.find(each);
      if (offered == document->content.meta.end()) {
        return refuse(Reason::rollback, "{}: does not list {} any more", name, each);
      }
      if (auto newer = check_version(offered->second.version, seen.version, each); !newer) return newer;
    }
  }
  snapshot_ = std::move(*document);
  return {};
}

tl::expected<Targets, Refusal> TrustedMetadata::check_targets(ByteView file, const std::string& role,
                                                              const Targets* delegator) const {
  const auto name = role + ".json";
  const auto meta = snapshot().meta.find(name);
  if (meta == snapshot().meta.end()) return refuse(Reason::missing, "snapshot.json: does not list {}", name);
  if (auto same = check_bytes(file, meta->second.length, meta->second.hashes, name); !same) {  // 5.6.2
    return tl::unexpected(same.error());
  }
  auto document = parse<Targets>(file, name);
  if (!document) return tl::unexpected(document.error());
  const auto signers = find_signers(root(), role, delegator);
  if (signers.role == nullptr) return refuse(Reason::mismatch, "{}: nobody delegates to it", name);
  if (auto good = check_signatures(*document, *signers.role, *signers.keys, name); !good) {  // 5.6.3
    return tl::unexpected(good.error());
  }
  if (document->content.version != meta->second.version) {  // 5.6.4
    return refuse(Reason::mismatch, "{}: is version {}, snapshot.json speaks of {}", name, document->content.version,
                  meta->second.version);
  }
  if (auto fresh = check_expiry(document->content, name); !fresh) return tl::unexpected(fresh.error());  // 5.6.5
  return std::move(document->content);
}

}  // namespace suture::trust::tuf
