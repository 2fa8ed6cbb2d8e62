// Signatures of kernel modules, as the kernel checks them with CONFIG_MODULE_SIG.
//
// A signed module is the module, a detached CMS (PKCS#7) signature of it in DER without certificates
// and without signed attributes, a struct module_signature that holds its length, and a marker line.
// Sources: include/linux/module_signature.h, kernel/module_signature.c and what scripts/sign-file.c
// writes, Linux 6.1 and 6.12.
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace suture::trust {

/// `module` with a signature by the key appended. The kernel accepts it where the certificate is in
/// one of its keyrings (.builtin_trusted_keys, .secondary_trusted_keys, .machine).
///
/// `key_pem` and `certificate_pem` belong together and are what `openssl req -x509` writes; keys are
/// RSA or elliptic-curve, and not encrypted. `hash` is one that the kernel is built with: "sha256",
/// "sha384" or "sha512".
///
/// With an RSA key, equal inputs give equal bytes. Fails on a module that is signed already.
Result<Bytes> append_module_signature(ByteView module, std::string_view key_pem, std::string_view certificate_pem,
                                      std::string_view hash = "sha256");

}  // namespace suture::trust
