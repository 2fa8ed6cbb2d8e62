#include "publishing/key_file.h"

#include <sys/stat.h>

namespace suture::publishing {
namespace {

class PrivateUmask {
 public:
  PrivateUmask() : before_(::umask(077)) {}
  PrivateUmask(const PrivateUmask&) = delete;
  PrivateUmask& operator=(const PrivateUmask&) = delete;
  ~PrivateUmask() { ::umask(before_); }

 private:
  mode_t before_;
};

Result<trust::Secret> read_secret(const fs::path& file) {
  auto text = TRY(read_text(file));
  return trust::Secret(std::move(text));
}

}  // namespace

Result<trust::tuf::Key> make_key(const fs::path& name, const trust::Secret& passphrase) {
  const fs::path secret = name.string() + ".key", open = name.string() + ".pub";
  for (const auto& file : {secret, open}) {
    std::error_code code;
    if (fs::exists(file, code))
      return fail(Error(fmt::format("{}: is there already", file.string()))
                      .advise("choose another name; keys are never overwritten"));
  }
  const auto key = TRY(trust::ed25519::PrivateKey::generate());
  const auto pem = TRY(key.to_pem(passphrase));
  const auto public_key = trust::tuf::key_of(key.public_key());
  {
    const PrivateUmask only_we_may_read;
    TRY(write_text(secret, pem.reveal()));
  }
  TRY(write_text(open, public_key.json + "\n"));
  return public_key;
}

Result<trust::tuf::Key> read_public_key(const fs::path& file) {
  const auto text = TRY(read_text(file));
  auto key = trust::tuf::read_key(text, file.string());
  if (!key) return fail(std::move(key).error().advise("a public key is the NAME.pub that suture keys new wrote"));
  return key;
}

Result<trust::ed25519::PrivateKey> read_private_key(const fs::path& file,
                                                    const std::function<Result<trust::Secret>()>& ask) {
  const auto pem = TRY(read_secret(file));
  trust::Secret passphrase;
  if (trust::ed25519::is_encrypted(pem.reveal())) passphrase = TRY(ask());
  return trust::ed25519::PrivateKey::from_pem(pem.reveal(), passphrase, file.string());
}

}  // namespace suture::publishing
