// suture keys new | show | init | rotate
#include <fmt/format.h>

#include <memory>

#include "base/json.h"
#include "base/numbers.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/draft_options.h"
#include "publishing/draft_directory.h"
#include "publishing/key_file.h"
#include "trust/tuf/role_names.h"

namespace suture::cli {
namespace {

namespace tuf = trust::tuf;

struct KeyView {
  std::string file, id;
};
BOOST_DESCRIBE_STRUCT(KeyView, (), (file, id))

struct NewKey {
  std::string name;
  bool open = false;
  PassphraseOptions passphrase;
};

Result<ExitCode> make(const NewKey& given, const Context& context) {
  trust::Secret passphrase;
  if (!given.open) passphrase = TRY(read_passphrase(given.passphrase, given.name + ".key", true));
  if (!given.open && passphrase.empty()) {
    return fail(
        Error("the passphrase is empty").advise("for a key without one, which a machine uses alone: --no-passphrase"));
  }
  const auto key = TRY(publishing::make_key(given.name, passphrase));
  if (context.json) {
    fmt::print("{}", json::to_text(KeyView{given.name + ".pub", key.id}));
  } else {
    fmt::print("{}.key: private key{}\n{}.pub: public key {}\n", given.name, given.open ? ", not encrypted" : "",
               given.name, key.id);
  }
  return ExitCode::success;
}

void print_root(const tuf::Root& root) {
  fmt::print("root version {}, good until {}\n", root.version, tuf::format_time(root.expires));
  for (const auto& [name, role] : root.roles) {
    fmt::print("  {:<10} {} of {}\n", name, role.threshold, role.keyids.size());
    for (const auto& id : role.keyids) fmt::print("    {}\n", id);
  }
}

Result<ExitCode> show(const std::vector<std::string>& files, const Context& context) {
  std::vector<KeyView> views;
  for (const auto& file : files) {
    const auto text = TRY(read_file(file));
    if (const auto root = tuf::read<tuf::Root>(text, file); root && !context.json) {
      print_root(root->content);
      continue;
    }
    const auto key = TRY(publishing::read_public_key(file));
    views.push_back({file, key.id});
    if (!context.json) fmt::print("{}  {}\n", key.id, file);
  }
  if (context.json) fmt::print("{}", json::to_text(views));
  return ExitCode::success;
}

struct Assignment {
  bool first = false;
  std::string draft = "draft";
  std::vector<std::string> roles, thresholds;
};

Result<std::pair<std::string, std::string>> split(const std::string& text, std::string_view what) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) return fail("'{}' is not {}", text, what);
  return std::pair(text.substr(0, equals), text.substr(equals + 1));
}

Result<std::map<std::string, trust::RoleKeys>> read_roles(const Assignment& given, const trust::Draft& draft) {
  std::map<std::string, trust::RoleKeys> roles;
  for (const auto& each : given.roles) {
    auto [role, list] = TRY(split(each, "ROLE=FILE.pub,…"));
    auto& keys = roles[role];
    if (!keys.keys.empty()) return fail("role {} is given twice", role);
    while (!list.empty()) {
      const auto end = std::min(list.find(','), list.size());
      auto key = TRY(publishing::read_public_key(list.substr(0, end)));
      keys.keys.push_back(std::move(key));
      list.erase(0, end + 1);
    }
  }
  // A role that is given new keys keeps its threshold.
  for (auto& [name, keys] : roles) keys.threshold = draft.threshold(name).value_or(1);
  for (const auto& each : given.thresholds) {
    const auto [role, text] = TRY(split(each, "ROLE=NUMBER"));
    if (!roles.contains(role))
      return fail(Error(fmt::format("threshold of {}, which is given no keys", role))
                      .advise("name the role's keys too, with --role"));
    const auto threshold = to_number<std::int64_t>(text);
    if (!threshold) return fail("'{}' is not ROLE=NUMBER", each);
    roles[role].threshold = *threshold;
  }
  return roles;
}

Result<ExitCode> assign(const Assignment& given, const Context& context) {
  auto directory = TRY(given.first ? publishing::DraftDirectory::open_or_make(given.draft, clock_now())
                                   : publishing::DraftDirectory::open(given.draft, clock_now()));
  const bool has_root = directory.draft().threshold("root").has_value();
  if (given.first && has_root)
    return fail(
        Error(fmt::format("{}: has a root already", given.draft)).advise("suture keys rotate changes a role's keys"));
  if (!given.first && !has_root)
    return fail(Error(fmt::format("{}: there is no root yet", given.draft))
                    .advise("begin with suture keys init, or with suture draft REPOSITORY"));
  auto roles = TRY(read_roles(given, directory.draft()));
  std::map<std::string, trust::RoleKeys> top_level;
  for (auto role = roles.begin(); role != roles.end();) {
    const auto next = std::next(role);
    if (tuf::is_top_level(role->first)) top_level.insert(roles.extract(role));
    role = next;
  }
  // The root first: without one there is nothing to delegate from.
  if (!top_level.empty()) TRY(directory.draft().set_keys(top_level));
  for (const auto& [role, keys] : roles) TRY(directory.draft().delegate(role, keys));
  TRY(directory.draft().advance({}));
  TRY(directory.save());
  const auto lines = describe(directory.draft().missing());
  if (context.json) {
    fmt::print("{}", json::pretty({{"draft", given.draft}, {"missing", boost::json::value_from(lines)}}));
  } else {
    fmt::print("staged in {}; to be signed:\n", given.draft);
    for (const auto& line : lines) fmt::print("  {}\n", line);
  }
  return ExitCode::success;
}

void add_assignment(Program& program, Command group, bool first, const std::string& description,
                    const std::string& examples) {
  const auto given = std::make_shared<Assignment>();
  given->first = first;
  auto command = program.command(group, first ? "init" : "rotate", description, examples,
                                 [given](const Context& context) { return assign(*given, context); });
  command
      .add_option(
          "--role", given->roles,
          "All keys that the role has from now on; root, targets, snapshot, timestamp, linux-6.1 for a series, or "
          "agent for releases of the agent itself")
      .type_name("ROLE=FILE.pub,…")
      .required()
      .one_at_a_time();
  command.add_option("--threshold", given->thresholds, "How many of them must sign (1, or as before)")
      .type_name("ROLE=N")
      .one_at_a_time();
  add_draft_option(command, given->draft);
}

}  // namespace

void add_keys_command(Program& program) {
  auto group = program.group("keys", "Keys of a repository: make them, say who signs what, rotate them");
  const auto given = std::make_shared<NewKey>();
  auto command = program.command(group, "new", "Make a key pair: NAME.key and NAME.pub",
                                 "  suture keys new alice\n"
                                 "  suture keys new timestamp --no-passphrase",
                                 [given](const Context& context) { return make(*given, context); });
  command.add_option("NAME", given->name, "Of the two files, without .key and .pub").required();
  command.add_flag("--no-passphrase", given->open, "For a key that a machine uses alone, as the timestamp's");
  add_passphrase_options(command, given->passphrase);

  const auto files = std::make_shared<std::vector<std::string>>();
  program
      .command(group, "show", "Say which key a file holds, or who signs what by a root",
               "  suture keys show alice.pub\n  suture keys show root.json",
               [files](const Context& context) { return show(*files, context); })
      .add_option("FILE", *files, "NAME.pub, or root.json")
      .required();

  add_assignment(program, group, true, "Begin a repository: the keys of all four roles",
                 "  suture keys init --role root=alice.pub,bob.pub,carol.pub --threshold root=2 \\\n"
                 "    --role targets=alice.pub,bob.pub --threshold targets=2 \\\n"
                 "    --role snapshot=bob.pub --role timestamp=timestamp.pub");
  add_assignment(program, group, false, "Change a role's keys: a lost or stolen key is one that is not named again",
                 "  suture keys rotate --role timestamp=new-timestamp.pub\n"
                 "  suture keys rotate --role linux-6.1=dave.pub,erin.pub --threshold linux-6.1=2\n"
                 "  suture keys rotate --role agent=heidi.pub,ivan.pub --threshold agent=2");
}

}  // namespace suture::cli
