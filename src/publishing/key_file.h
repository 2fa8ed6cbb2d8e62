// Keys as files: NAME.key is the private key (PKCS #8 in PEM, mode 0600), NAME.pub the public one (JSON,
// as it stands in metadata).
#pragma once

#include <functional>

#include "base/file.h"
#include "trust/ed25519.h"
#include "trust/secret.h"
#include "trust/tuf/metadata.h"

namespace suture::publishing {

/// Makes a key; never overwrites one. Not encrypted if the passphrase is empty.
Result<trust::tuf::Key> make_key(const fs::path& name, const trust::Secret& passphrase);

Result<trust::tuf::Key> read_public_key(const fs::path& file);
/// Reads the file once: it may be a pipe. `ask` is called if the key needs a passphrase.
Result<trust::ed25519::PrivateKey> read_private_key(const fs::path& file,
                                                    const std::function<Result<trust::Secret>()>& ask);

}  // namespace suture::publishing
