// suture agent add | floor | list
#include <fmt/format.h>

#include <memory>

#include "base/json.h"
#include "cli/agent_releases.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/draft_options.h"
#include "kit/deb.h"
#include "publishing/draft_directory.h"
#include "publishing/make_release.h"

namespace suture::cli {
namespace {

struct ReleaseAddition {
  std::uint32_t release = 0;
  std::vector<std::string> packages;
  std::string draft = "draft";
};

Result<publishing::DebianPackage> read_package(const std::string& file) {
  auto control = TRY(kit::read_deb_control(file));
  auto content = TRY(read_file(file));
  return publishing::DebianPackage{.file = file,
                                   .name = std::move(control.package),
                                   .version = std::move(control.version),
                                   .architecture = std::move(control.architecture),
                                   .depends = std::move(control.depends),
                                   .content = std::move(content)};
}

Result<ExitCode> add(const ReleaseAddition& given, const Context& context) {
  auto directory = TRY(publishing::DraftDirectory::open(given.draft, clock_now()));
  const auto index = TRY(directory.agent_index());
  std::vector<publishing::DebianPackage> packages;
  for (const auto& file : given.packages) {
    auto package = TRY(read_package(file));
    packages.push_back(std::move(package));
  }
  const auto made = TRY(publishing::make_release(given.release, std::move(packages), index));
  for (const auto& [path, content] : made.targets)
    TRY(directory.add_target(std::string(trust::agent_role), path, content));
  TRY(directory.set_agent_index(made.index));
  TRY(directory.draft().advance({}));
  TRY(directory.save());
  if (context.json) {
    fmt::print("{}", json::to_text(made.release));
  } else {
    fmt::print("release {} of the agent is version {}; staged in {}\n", made.release.release, made.release.version,
               given.draft);
    for (const auto& [path, content] : made.targets) fmt::print("  {}  {} bytes\n", path, content.size());
  }
  return ExitCode::success;
}

struct ReleaseFloor {
  std::uint32_t release = 0;
  std::string draft = "draft";
};

Result<ExitCode> set_floor(const ReleaseFloor& given, const Context& context) {
  auto directory = TRY(publishing::DraftDirectory::open(given.draft, clock_now()));
  auto index = TRY(directory.agent_index());
  const auto before = index.floor;
  index.floor = given.release;
  TRY(directory.set_agent_index(index));
  TRY(directory.draft().advance({}));
  TRY(directory.save());
  if (context.json) {
    fmt::print("{}", json::pretty({{"before", before}, {"floor", index.floor}}));
  } else {
    fmt::print("the agent's floor is {}, was {}; staged in {}\n", index.floor, before, given.draft);
  }
  return ExitCode::success;
}

Result<ExitCode> list(const std::string& draft, const Context& context) {
  const auto directory = TRY(publishing::DraftDirectory::open(draft, clock_now()));
  const auto index = TRY(directory.agent_index());
  if (context.json) {
    fmt::print("{}", json::to_text(index));
  } else if (index.releases.empty()) {
    fmt::print("{}: has no releases of the agent\n", draft);
  } else {
    print_agent_releases(index);
  }
  return ExitCode::success;
}

}  // namespace

void add_agent_command(Program& program) {
  auto group = program.group("agent", "Releases of the agent itself in a draft: add one, set the floor, list them");
  const auto given = std::make_shared<ReleaseAddition>();
  auto command = program.command(group, "add", "Stage packages of one version as the agent's next release",
                                 "  suture agent add --deb suture-agent_0.3.0_amd64.deb \\\n"
                                 "    --deb suture-fetch_0.3.0_amd64.deb",
                                 [given](const Context& context) { return add(*given, context); });
  command.add_option("--deb", given->packages, "suture-agent, and each that it needs in its own version")
      .type_name("FILE")
      .required()
      .one_at_a_time();
  command.add_option("--release", given->release, "Its number (the next, unless told)").type_name("N");
  add_draft_option(command, given->draft);

  const auto floor = std::make_shared<ReleaseFloor>();
  auto second = program.command(group, "floor", "Stage the release below which no host goes", "  suture agent floor 3",
                                [floor](const Context& context) { return set_floor(*floor, context); });
  second.add_option("RELEASE", floor->release, "0: none").required();
  add_draft_option(second, floor->draft);

  const auto draft = std::make_shared<std::string>("draft");
  auto third = program.command(group, "list", "The releases, as they are staged or live", "  suture agent list",
                               [draft](const Context& context) { return list(*draft, context); });
  add_draft_option(third, *draft);
}

}  // namespace suture::cli
