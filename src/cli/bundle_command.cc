// suture bundle export | import
#include <fmt/format.h>

#include <memory>

#include "base/json.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/draft_options.h"
#include "cli/fetch_options.h"
#include "repository/bundle.h"

namespace suture::cli {
namespace {

struct Export {
  std::string where, output, root;
  std::vector<std::string> kernels;
  repository::FetchOptions fetch;
};

Result<ExitCode> run_export(const Export& given, const Context& context) {
  const auto source = TRY(repository::open_source(given.where, given.fetch));
  const auto bundle = TRY(repository::export_bundle(*source, given.root, given.kernels, clock_now()));
  TRY(write_file(given.output, bundle));
  if (context.json) {
    fmt::print("{}", json::pretty({{"file", given.output}, {"bytes", bundle.size()}}));
  } else {
    fmt::print("{}: {} bytes\n", given.output, bundle.size());
  }
  return ExitCode::success;
}

struct Import {
  std::string file, repository, root;
};

Result<ExitCode> run_import(const Import& given, const Context& context) {
  const auto imported = TRY(repository::import_bundle(given.file, given.repository, given.root, clock_now()));
  if (context.json) {
    fmt::print("{}", json::pretty({{"targets", boost::json::value_from(imported.targets)},
                                   {"written", boost::json::value_from(imported.written)}}));
  } else {
    fmt::print("{}: {} target{} verified, {} file{} new\n", given.repository, imported.targets.size(),
               plural(imported.targets.size()), imported.written.size(), plural(imported.written.size()));
  }
  return ExitCode::success;
}

}  // namespace

void add_bundle_command(Program& program) {
  auto group = program.group("bundle", "A repository as one file, for machines without a network");
  const auto given = std::make_shared<Export>();
  auto command = program.command(group, "export", "Write what hosts need of a repository to one file",
                                 "  suture bundle export /srv/suture suture.bundle --root root.json\n"
                                 "  suture bundle export https://patches.example.org suture.bundle \\\n"
                                 "    --root root.json --kernel 6.1.0-53-amd64",
                                 [given](const Context& context) { return run_export(*given, context); });
  command.add_option("WHERE", given->where, "Directory, file of a bundle, or address").required();
  command.add_option("FILE", given->output, "The bundle").required();
  command.add_option("--root", given->root, "The root.json to begin with").type_name("FILE").required();
  command.add_option("--kernel", given->kernels, "Only this one, by release or build-id; may be repeated")
      .type_name("RELEASE")
      .one_at_a_time();
  add_fetch_options(command, given->fetch);

  const auto import = std::make_shared<Import>();
  auto second = program.command(group, "import", "Verify a bundle, and put it into a directory that hosts read",
                                "  suture bundle import suture.bundle /srv/suture --root root.json\n"
                                "  suture bundle import suture.bundle /srv/suture",
                                [import](const Context& context) { return run_import(*import, context); });
  second.add_option("FILE", import->file, "The bundle").required();
  second.add_option("DIR", import->repository, "What hosts read, or a web server serves; made if it is not there")
      .required();
  second.add_option("--root", import->root, "The first time: the root.json to begin with").type_name("FILE");
}

}  // namespace suture::cli
