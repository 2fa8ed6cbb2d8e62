// suture draft, suture sign
#include <fmt/format.h>

#include <memory>

#include "base/json.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/draft_options.h"
#include "publishing/draft_directory.h"

namespace suture::cli {
namespace {

namespace tuf = trust::tuf;

struct Beginning {
  std::string repository, draft = "draft";
  bool discard = false;
};

Result<ExitCode> begin(const Beginning& given, const Context& context) {
  auto directory = TRY(publishing::DraftDirectory::open_or_make(given.draft, clock_now()));
  TRY(directory.begin_from(given.repository, given.discard));
  const auto kernels = TRY(directory.indexes()).size();
  if (context.json) {
    fmt::print("{}", json::pretty({{"draft", given.draft}, {"kernels", kernels}}));
  } else {
    fmt::print("{}: begins from {} as it is, with {} kernel{}\n", given.draft, given.repository, kernels,
               plural(kernels));
  }
  return ExitCode::success;
}

struct Signing {
  std::string draft = "draft";
  std::vector<std::string> keys, renewed;
  PassphraseOptions passphrase;
};

void print_changes(const trust::Draft& draft) {
  for (const auto& change : draft.changes()) {
    fmt::print("{}, version {}, good until {}\n", change.role, change.version, tuf::format_time(change.expires));
    for (const auto& line : change.differences) fmt::print("  {}\n", line);
  }
}

boost::json::value changes_of(const trust::Draft& draft) {
  boost::json::array all;
  for (const auto& each : draft.changes()) {
    all.push_back({{"role", each.role},
                   {"version", each.version},
                   {"expires", tuf::format_time(each.expires)},
                   {"differences", boost::json::value_from(each.differences)}});
  }
  return all;
}

Result<ExitCode> sign(const Signing& given, const Context& context) {
  auto directory = TRY(publishing::DraftDirectory::open(given.draft, clock_now()));
  auto& draft = directory.draft();
  TRY(directory.check_targets());
  for (const auto& role : given.renewed) TRY(draft.renew(role));
  const auto keys = TRY(read_keys(given.keys, given.passphrase));
  const auto added = TRY(draft.advance(keys));
  if (!keys.empty() && added == 0) {
    return fail(Error(fmt::format("{}: there is nothing that {} may sign, or has not signed already", given.draft,
                                  keys.size() == 1 ? "this key" : "these keys"))
                    .advise("suture sign without a key says whose signatures are missing"));
  }
  TRY(directory.save());
  const auto missing = describe(draft.missing());
  if (context.json) {
    fmt::print("{}", json::pretty({{"changes", changes_of(draft)},
                                   {"signatures_added", added},
                                   {"missing", boost::json::value_from(missing)}}));
    return ExitCode::success;
  }
  if (!draft.anything_staged()) fmt::print("{}: nothing is staged\n", given.draft);
  print_changes(draft);
  if (!keys.empty()) fmt::print("{} signature{} added\n", added, plural(added));
  for (const auto& line : missing) fmt::print("missing: {}\n", line);
  if (missing.empty() && draft.anything_staged()) fmt::print("complete: suture publish DIR --draft {}\n", given.draft);
  return ExitCode::success;
}

}  // namespace

void add_draft_command(Program& program) {
  const auto given = std::make_shared<Beginning>();
  auto command =
      program.command(program.app(), "draft", "Begin a draft from what a repository serves",
                      "  suture draft /srv/suture", [given](const Context& context) { return begin(*given, context); });
  command.add_option("REPOSITORY", given->repository, "Its directory, or a copy of it").required();
  command.add_flag("--discard", given->discard, "Lose what is staged in the draft");
  add_draft_option(command, given->draft);
}

void add_sign_command(Program& program) {
  const auto given = std::make_shared<Signing>();
  auto command =
      program.command(program.app(), "sign", "Show what is staged, add a key's signatures, say whose are missing",
                      "  suture sign\n"
                      "  suture sign --renew targets --renew linux-6.1 --key bob.key\n"
                      "  suture sign --key alice.key --draft /media/stick/draft",
                      [given](const Context& context) { return sign(*given, context); });
  command.add_option("--key", given->keys, "Signs whatever is staged and it may sign")
      .type_name("FILE.key")
      .one_at_a_time();
  command.add_option("--renew", given->renewed, "Stage this role as it is, with a new end; may be repeated")
      .type_name("ROLE")
      .one_at_a_time();
  add_draft_option(command, given->draft);
  add_passphrase_options(command, given->passphrase);
}

}  // namespace suture::cli
