// A signing key for tests that do not care which.
#pragma once

#include "trust/ed25519.h"

namespace suture::trust::testing {

/// The same one each time.
inline const ed25519::PrivateKey& any_key() {
  static const auto made = ed25519::PrivateKey::generate().value();
  return made;
}

}  // namespace suture::trust::testing
