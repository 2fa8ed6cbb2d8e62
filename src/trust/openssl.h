// What is shared by the files that call OpenSSL: owners of its objects, and its errors as ours.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>

#include <memory>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace suture::trust::openssl {

template <auto free>
struct Free {
  template <typename T>
  void operator()(T* pointer) const {
    free(pointer);
  }
};
using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;

/// Empties OpenSSL's queue of errors; the oldest is the cause.
tl::unexpected<Error> failure(std::string_view what);

/// Reads from `bytes`, which must live as long.
Result<Bio> memory(ByteView bytes);

}  // namespace suture::trust::openssl
