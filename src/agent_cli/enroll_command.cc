// suture-agent enroll
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <memory>

#include "agent/fleet/link.h"
#include "agent_cli/commands.h"
#include "agent_cli/exit_codes.h"
#include "agent_cli/fleet_member.h"
#include "agent_cli/offer.h"
#include "base/json.h"

namespace suture::agent_cli {
namespace {

struct EnrollArguments {
  SiteOptions site;
  std::string server, token, token_file, ca_file;
};

Result<std::string> token_of(const EnrollArguments& arguments) {
  auto token = arguments.token;
  if (!arguments.token_file.empty()) token = TRY(read_text(arguments.token_file));
  while (!token.empty() && std::isspace(static_cast<unsigned char>(token.back())) != 0) token.pop_back();
  if (token.empty()) return fail("the token is empty");
  return token;
}

std::string hostname() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

Result<ExitCode> enroll(const EnrollArguments& arguments, const Context& context) {
  const auto site = TRY(Site::open(arguments.site));
  const auto token = TRY(token_of(arguments));
  agent::Membership asking{.server = arguments.server, .host = {}, .ca = {}, .certificate = {}, .key = {}};
  asking.ca = TRY(read_text(arguments.ca_file));
  auto enrolment = TRY(agent::Enrolment::begin(fleet_directory(*site)));
  auto link = TRY(agent::Link::open(asking, {.user = site->config.fetch.user}));
  // A machine without an id is one without a disk of its own; the server knows hosts by their keys.
  const auto machine = site->root.line("/etc/machine-id").value_or(std::string(32, '0'));
  const auto answer = TRY(link.ask("POST", "/v1/enroll", enrolment.request(token, hostname(), machine), {}));
  if (answer.status != 200) return fail("{}: {}", arguments.server, agent::reason_of(answer));
  const auto member = TRY(enrolment.take(answer.body, arguments.server, store_of(*site)));
  if (context.json)
    fmt::print("{}", json::pretty({{"server", member.server}, {"host", member.host}}));
  else
    fmt::print("this host is {} to {}; the daemon reports from its next start or reload on\n", member.host,
               member.server);
  return ExitCode::ok;
}

}  // namespace

void add_enroll_command(Program& program) {
  const auto arguments = std::make_shared<EnrollArguments>();
  auto command =
      program.command(program.app(), "enroll", "Make this host a member of a fleet: its server then tells it when",
                      "  suture-agent enroll https://suture.example.org:8443 --ca-file ca.pem \\\n"
                      "    --token-file /root/token",
                      [arguments](const Context& context) { return enroll(*arguments, context); });
  command.add_option("SERVER", arguments->server, "Its address").required();
  command.add_option("--ca-file", arguments->ca_file, "The server's ca.pem").type_name("FILE").required();
  auto token = command.add_option("--token", arguments->token, "From suture-server token create").type_name("TOKEN");
  command.add_option("--token-file", arguments->token_file, "A file that holds it, which other users cannot see")
      .type_name("FILE")
      .excludes(token);
  add_site_options(command, arguments->site);
}

}  // namespace suture::agent_cli
