#include "cli/draft_options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <memory>

#include "base/first_line.h"
#include "cli/silent_terminal.h"
#include "publishing/key_file.h"

namespace suture::cli {

trust::tuf::Time clock_now() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

void add_draft_option(Command command, std::string& draft) {
  command.add_option("--draft", draft, "The directory of the draft").type_name("DIR").show_default();
}

void add_passphrase_options(Command command, PassphraseOptions& options) {
  auto file =
      command.add_option("--passphrase-file", options.file, "Its first line is the passphrase").type_name("FILE");
  command.add_option("--passphrase-env", options.variable, "This environment variable is the passphrase")
      .type_name("NAME")
      .excludes(file);
}

Result<trust::Secret> read_passphrase(const PassphraseOptions& options, const std::string& what, bool new_one) {
  if (!options.file.empty()) {
    auto line = TRY(read_first_line(options.file));
    return trust::Secret(std::move(line));
  }
  if (!options.variable.empty()) {
    const char* text = std::getenv(options.variable.c_str());
    if (text == nullptr) return fail("the environment has no variable {}", options.variable);
    return trust::Secret(text);
  }
  SilentTerminal terminal;
  if (!terminal.ready()) {
    return fail(Error(fmt::format("{}: there is no terminal to ask for the passphrase", what))
                    .advise("use --passphrase-file or --passphrase-env"));
  }
  trust::Secret passphrase(terminal.ask(fmt::format("Passphrase for {}: ", what)));
  if (!new_one) return passphrase;
  const trust::Secret again(terminal.ask("Once more: "));
  if (again.reveal() != passphrase.reveal()) return fail("{}: the two passphrases differ", what);
  return passphrase;
}

Result<std::vector<trust::ed25519::PrivateKey>> read_keys(const std::vector<std::string>& files,
                                                          const PassphraseOptions& passphrases) {
  std::vector<trust::ed25519::PrivateKey> keys;
  for (const auto& file : files) {
    auto key = TRY(publishing::read_private_key(file, [&] { return read_passphrase(passphrases, file, false); }));
    keys.push_back(std::move(key));
  }
  return keys;
}

std::vector<std::string> describe(const std::vector<trust::Unsigned>& missing) {
  std::vector<std::string> lines;
  for (const auto& each : missing) {
    auto line = fmt::format("{}, version {}: has {} of {} signatures; may still be signed by {}", each.role,
                            each.version, each.have, each.need, fmt::join(each.keyids, ", "));
    // A new root needs the keys of the old one too, which may be the same.
    if (lines.empty() || lines.back() != line) lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace suture::cli
