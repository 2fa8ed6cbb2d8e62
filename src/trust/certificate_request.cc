#include "trust/certificate_request.h"

#include <openssl/pem.h>
#include <openssl/x509.h>

namespace suture::trust {

Result<std::string> certificate_request(const ed25519::PrivateKey& private_key) {
  using Request = std::unique_ptr<X509_REQ, openssl::Free<X509_REQ_free>>;
  const auto pem = TRY(private_key.to_pem({}));
  const auto text = pem.reveal();
  const auto in = TRY(openssl::memory(as_bytes(text)));
  const openssl::Key key(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
  const Request request(X509_REQ_new());
  const openssl::Bio out(BIO_new(BIO_s_mem()));
  // Ed25519 has its digest in itself.
  const bool made = key && request && out && X509_REQ_set_version(request.get(), 0) == 1 &&
                    X509_REQ_set_pubkey(request.get(), key.get()) == 1 &&
                    X509_REQ_sign(request.get(), key.get(), nullptr) != 0 &&
                    PEM_write_bio_X509_REQ(out.get(), request.get()) == 1;
  if (!made) return openssl::failure("certificate request");
  char* data = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

}  // namespace suture::trust
