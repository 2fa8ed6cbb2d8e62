// What the commands around drafts and keys share.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/command.h"
#include "trust/ed25519.h"
#include "trust/repository/draft.h"
#include "trust/secret.h"

namespace suture::cli {

trust::tuf::Time clock_now();

/// --draft DIR, "draft" unless told.
void add_draft_option(Command command, std::string& draft);

/// Where passphrases come from; never from an argument, which every user of the machine could read.
struct PassphraseOptions {
  std::string file, variable;
};
void add_passphrase_options(Command command, PassphraseOptions& options);
/// From the file, the variable, or the terminal; there it is asked for twice if it is `new_one`.
Result<trust::Secret> read_passphrase(const PassphraseOptions& options, const std::string& what, bool new_one);

/// Asks for a passphrase only where a key has one.
Result<std::vector<trust::ed25519::PrivateKey>> read_keys(const std::vector<std::string>& files,
                                                          const PassphraseOptions& passphrases);

/// "linux-6.1, version 3: has 1 of 2 signatures; may still be signed by: …", a line each.
std::vector<std::string> describe(const std::vector<trust::Unsigned>& missing);

}  // namespace suture::cli
