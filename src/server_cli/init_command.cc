// suture-server init
#include <fmt/format.h>
#include <sys/stat.h>

#include <memory>

#include "base/file.h"
#include "base/json.h"
#include "base/read_described.h"
#include "server/authority/certificates.h"
#include "server/store/sqlite.h"
#include "server_cli/clock.h"
#include "server_cli/commands.h"
#include "trust/ed25519.h"

namespace suture::server_cli {

BOOST_DESCRIBE_STRUCT(Config, (), (directory, address, port, repository))

namespace {

struct InitArguments {
  std::string directory;
  std::vector<std::string> names{"127.0.0.1", "localhost"};
  std::string repository, root;
};

Result<int> init(const InitArguments& arguments, const Context& context) {
  const auto directory = fs::absolute(arguments.directory);
  if (fs::exists(directory))
    return fail("{}: is there already; a new server needs a new directory", directory.string());
  TRY(make_directories(directory));
  if (::chmod(directory.c_str(), 0700) != 0) return fail("{}: cannot be made private", directory.string());
  TRY(server::make_authority(directory, arguments.names, now()));
  const auto key = TRY(trust::ed25519::PrivateKey::generate());
  const auto pem = TRY(key.to_pem({}));
  TRY(write_text(directory / "assignment.key", pem.reveal()));
  if (::chmod((directory / "assignment.key").c_str(), 0600) != 0)
    return fail("{}: cannot be made private", (directory / "assignment.key").string());
  TRY(server::open_sqlite(directory / "suture.db"));
  const auto config = directory / "server.json";
  if (!arguments.root.empty()) TRY(suture::copy_file(arguments.root, directory / "root.json"));
  TRY(write_text(config, json::to_text(Config{directory.string(), "127.0.0.1", 8443, arguments.repository})));
  if (context.json)
    fmt::print("{}", json::pretty({{"config", config.string()}, {"ca", (directory / "ca.pem").string()}}));
  else
    fmt::print("made {}\n  suture-server run --config {}\n", directory.string(), config.string());
  return 0;
}

}  // namespace

Result<Config> read_config(const std::string& file) {
  const auto text = TRY(read_text(file));
  return json::from_strict_text<Config>(text, file);
}

void add_init_command(Program& program) {
  const auto given = std::make_shared<InitArguments>();
  auto command = program.command(program.app(), "init", "Make a server: its CA, keys, database and server.json",
                                 "  suture-server init /var/lib/suture-server\n"
                                 "  suture-server init /srv/suture --name suture.example.org --name 10.0.0.5",
                                 [given](const Context& context) { return init(*given, context); });
  command.add_option("DIR", given->directory, "Made by this command").required();
  command.add_option("--name", given->names, "By which agents reach it (127.0.0.1 and localhost)")
      .type_name("NAME")
      .one_at_a_time();
  command.add_option("--repository", given->repository, "What is rolled out: a signed repository")
      .type_name("DIRECTORY|BUNDLE|URL");
  command.add_option("--root", given->root, "The repository's first root.json").type_name("FILE");
  command.require("--root", [given] { return given->repository.empty() || !given->root.empty(); });
}

}  // namespace suture::server_cli
