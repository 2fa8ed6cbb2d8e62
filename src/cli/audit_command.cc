// suture audit export | checkpoint | verify
#include <fmt/format.h>

#include <memory>

#include "base/file.h"
#include "base/json.h"
#include "base/words.h"
#include "cli/answer.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/session.h"
#include "trust/decision/audit_chain.h"
#include "trust/level/words.h"

namespace suture::cli {
namespace {

/// Page after page, until there is nothing more.
Result<ExitCode> export_all(const Context&) {
  auto session = TRY(Session::open());
  std::int64_t after = 0;
  while (true) {
    const auto lines = TRY(session.get(fmt::format("/v1/audit?after={}", after)));
    if (lines.empty()) return ExitCode::success;
    fmt::print("{}", lines);
    const auto last = TRY(json::parse(lines_of(lines).back(), "the server's answer"));
    if (number_of(last, "sequence") <= after) return fail("the server speaks another language");
    after = number_of(last, "sequence");
  }
}

Result<ExitCode> checkpoint(const Context&) {
  auto session = TRY(Session::open());
  const auto signed_by_server = TRY(session.get("/v1/audit/checkpoint"));
  fmt::print("{}", signed_by_server);
  return ExitCode::success;
}

struct Verify {
  std::string file;
  std::vector<std::string> checkpoints;
};

/// A digest that somebody wrote down, or a file of what hosts kept.
Result<std::vector<trust::AuditCheckpoint>> noted(const std::string& checkpoint) {
  if (trust::is_sha256(checkpoint)) return std::vector{trust::AuditCheckpoint{.digest = checkpoint}};
  const auto text = TRY(read_text(checkpoint));
  return trust::read_kept_checkpoints(text, checkpoint);
}

Result<ExitCode> verify(const Verify& given, const Context& context) {
  const auto text = TRY(read_text(given.file));
  std::vector<trust::AuditCheckpoint> checkpoints;
  for (const auto& each : given.checkpoints) {
    const auto more = TRY(noted(each));
    checkpoints.insert(checkpoints.end(), more.begin(), more.end());
  }
  const auto last = TRY(trust::verify_audit(text, checkpoints, given.file));
  const auto count = last ? last->sequence : 0;
  const auto digest = last ? last->digest : "";
  if (context.json)
    fmt::print("{}", json::pretty({{"entries", count}, {"digest", digest}}));
  else
    fmt::print("{} entries, unbroken; the last has the digest {}\n", count, digest.empty() ? "-" : digest);
  return ExitCode::success;
}

}  // namespace

void add_audit_command(Program& program) {
  auto group = program.group("audit", "The record of all that was decided and done in a fleet");
  program.command(group, "export", "Print it, a line of JSON an entry", "  suture audit export >audit.jsonl",
                  export_all);
  program.command(group, "checkpoint", "How far it has come, signed by the server: to be kept elsewhere",
                  "  suture audit checkpoint >checkpoint.json", checkpoint);
  const auto given = std::make_shared<Verify>();
  auto command = program.command(group, "verify", "Hold an export against its own chain of digests, offline",
                                 "  suture audit verify audit.jsonl\n"
                                 "  suture audit verify audit.jsonl --checkpoint 3f…\n"
                                 "  ssh web-1 suture-agent log --checkpoints >web-1.jsonl\n"
                                 "  suture audit verify audit.jsonl --checkpoint web-1.jsonl",
                                 [given](const Context& context) { return verify(*given, context); });
  command.add_option("FILE", given->file, "What export printed").required();
  command
      .add_option("--checkpoint", given->checkpoints,
                  "A digest that was noted elsewhere, or a file of checkpoints that were kept")
      .type_name("DIGEST|FILE")
      .one_at_a_time();
}

}  // namespace suture::cli
