#include "trust/decision/assignment.h"

#include <algorithm>
#include <array>

#include "trust/decision/signed_json.h"
#include "trust/level/words.h"

namespace suture::trust {
namespace {

constexpr std::array actions{Action::apply,         Action::go_back,    Action::revert, Action::reboot_back,
                             Action::agent_upgrade, Action::agent_back, Action::none};
constexpr json::Limits assignment_limits{.bytes = 16384, .depth = 4, .values = 100};

bool is_of_agent(Action action) { return action == Action::agent_upgrade || action == Action::agent_back; }
bool must_have_target(Action action) { return action == Action::apply || action == Action::go_back; }

Result<Action> read_action(json::Fields& fields) {
  const auto word = TRY(fields.string("action"));
  const auto* found = std::ranges::find(actions, word, name_of);
  if (found == actions.end()) return fail("{}: '{}' is not known", fields.place("action"), word);
  return *found;
}

Result<AssignedLevel> read_target(json::Fields target) {
  AssignedLevel level;
  level.build_id = TRY(target.string("build_id"));
  if (!is_build_id(level.build_id)) return fail("{}: is no build-id", target.place("build_id"));
  level.level = static_cast<std::uint32_t>(TRY(target.integer("level", 1, 0xffff'ffff)));
  level.sha256 = TRY(target.string("sha256"));
  if (!is_sha256(level.sha256)) return fail("{}: is no SHA-256", target.place("sha256"));
  TRY(target.no_rest());
  return level;
}

Result<AssignedAgent> read_agent(json::Fields target) {
  AssignedAgent agent;
  agent.release = static_cast<std::uint32_t>(TRY(target.integer("release", 1, 0xffff'ffff)));
  agent.version = TRY(target.string("version"));
  agent.sha256 = TRY(target.string("sha256"));
  if (!is_sha256(agent.sha256)) return fail("{}: is no SHA-256", target.place("sha256"));
  TRY(target.no_rest());
  return agent;
}

Result<Assignment> read_assignment(json::Fields fields) {
  Assignment read;
  const auto type = TRY(fields.string("_type"));
  if (type != "assignment") return fail("{}: '{}' is no assignment", fields.place("_type"), type);
  TRY(fields.integer("protocol", 1, 1));
  read.host = TRY(fields.string("host"));
  read.sequence = TRY(fields.integer("sequence", 1));
  read.nonce = TRY(fields.string("nonce"));
  if (read.nonce.size() != 32 || !is_hex(read.nonce)) return fail("{}: is not 32 digits", fields.place("nonce"));
  read.action = TRY(read_action(fields));
  auto target = TRY(fields.object("target"));
  const bool goes_somewhere = read.action == Action::reboot_back && !target.all().empty();
  if (is_of_agent(read.action)) {
    read.agent = TRY(read_agent(std::move(target)));
  } else if (must_have_target(read.action) || goes_somewhere) {
    read.target = TRY(read_target(std::move(target)));
  } else {
    TRY(target.no_rest());
  }
  read.plan = TRY(fields.string("plan"));
  if (!read.plan.empty() && !is_sha256(read.plan)) return fail("{}: is no SHA-256", fields.place("plan"));
  const auto not_after = TRY(fields.string("not_after"));
  read.not_after = TRY(tuf::parse_time(not_after), "{}", fields.place("not_after"));
  TRY(fields.no_rest());
  return read;
}

boost::json::value to_json(const Assignment& assignment) {
  boost::json::object target;
  if (assignment.target) {
    target = {{"build_id", assignment.target->build_id},
              {"level", assignment.target->level},
              {"sha256", assignment.target->sha256}};
  }
  if (assignment.agent) {
    target = {{"release", assignment.agent->release},
              {"version", assignment.agent->version},
              {"sha256", assignment.agent->sha256}};
  }
  return {{"_type", "assignment"},
          {"protocol", 1},
          {"host", assignment.host},
          {"sequence", assignment.sequence},
          {"nonce", assignment.nonce},
          {"action", name_of(assignment.action)},
          {"target", std::move(target)},
          {"plan", assignment.plan},
          {"not_after", tuf::format_time(assignment.not_after)}};
}

}  // namespace

std::string_view name_of(Action action) {
  switch (action) {
    case Action::apply:
      return "apply";
    case Action::go_back:
      return "go-back";
    case Action::revert:
      return "revert";
    case Action::reboot_back:
      return "reboot-back";
    case Action::agent_upgrade:
      return "agent-upgrade";
    case Action::agent_back:
      return "agent-back";
    case Action::none:
      break;
  }
  return "none";
}

Result<std::string> sign_assignment(const Assignment& assignment, const ed25519::PrivateKey& key) {
  return sign_json(to_json(assignment), key);
}

Result<Assignment> open_assignment(std::string_view text, const ed25519::PublicKey& key, std::string_view name) {
  const auto content = TRY(open_signed_json(text, key, name, assignment_limits));
  auto fields = TRY(json::Fields::of(content, fmt::format("{}.signed", name)));
  return read_assignment(std::move(fields));
}

}  // namespace suture::trust
