// suture kit add | list | remove
#include "cli/command.h"
#include "cli/commands.h"

#include <fmt/format.h>

#include <memory>

#include "base/json.h"
#include "builder/kbuild/prepare_kit.h"
#include "kit/debian.h"

namespace suture::cli {
namespace {

// What --json says of a kit; the names are promised.
struct KitView {
  std::string release, series, package_version, compiler, compiler_version;
  bool ibt = false;
  std::string created, created_by;
  std::uint64_t bytes = 0;
  kit::KitSeconds seconds;
  std::string path;
};
BOOST_DESCRIBE_STRUCT(KitView, (),
                      (release, series, package_version, compiler, compiler_version, ibt, created, created_by, bytes,
                       seconds, path))

KitView view_of(const kit::Kit& kit) {
  return {.release = kit.release,
          .series = kit.series,
          .package_version = kit.package_version,
          .compiler = kit.compiler,
          .compiler_version = kit.compiler_version,
          .ibt = kit.ibt,
          .created = kit.created,
          .created_by = kit.created_by,
          .bytes = kit.bytes,
          .seconds = kit.seconds,
          .path = kit.root.string()};
}

std::string size_text(std::uint64_t bytes) { return fmt::format("{:.1f} GB", static_cast<double>(bytes) / 1e9); }

Result<ExitCode> add(const std::string& release, const kit::AddOptions& options, const Context& context) {
  const bool existed = kit::open_kit(release).has_value();
  const auto kit = TRY(kit::add_debian_kit(release, options, context.progress));
  context.progress.stage("");
  if (context.json) {
    fmt::print("{}", json::to_text(view_of(kit)));
  } else if (existed) {
    fmt::print("{}: the kit is there already, in {}\n", release, kit.root.string());
  } else {
    fmt::print("{}: kit of Debian {}, {}, in {}\n", release, kit.package_version, size_text(kit.bytes),
               kit.root.string());
    const auto& took = kit.seconds;
    fmt::print("{:.1f} s: download {:.1f}, unpack {:.1f}, configure {:.1f}, prepare {:.1f}, write to disk {:.1f}\n",
               took.total, took.download, took.unpack, took.configure, took.prepare, took.sync);
  }
  return ExitCode::success;
}

Result<ExitCode> show_kits(const Context& context) {
  const auto kits = TRY(kit::list_kits());
  if (context.json) {
    std::vector<KitView> views;
    for (const auto& kit : kits) views.push_back(view_of(kit));
    fmt::print("{}", json::to_text(views));
    return ExitCode::success;
  }
  if (kits.empty()) {
    fmt::print("No kits yet. Make one with: suture kit add RELEASE\n");
    return ExitCode::success;
  }
  constexpr auto row = "{:<28}  {:<20}  {:<24}  {:>8}  {}\n";
  fmt::print(row, "RELEASE", "PACKAGE", "COMPILER", "SIZE", "MADE");
  for (const auto& kit : kits) {
    fmt::print(row, kit.release, kit.package_version, kit.compiler, size_text(kit.bytes), kit.created.substr(0, 10));
  }
  return ExitCode::success;
}

Result<ExitCode> remove(const std::string& release, const Context& context) {
  TRY(kit::remove_kit(release));
  if (context.json) {
    fmt::print("{}", json::pretty({{"removed", release}}));
  } else {
    fmt::print("{}: removed\n", release);
  }
  return ExitCode::success;
}

}  // namespace

void add_kit_command(Program& program) {
  auto group = program.group("kit", "Make and keep what is needed to build for one kernel release");

  struct AddArguments {
    std::string release;
    std::string deb_dir;
  };
  const auto adding = std::make_shared<AddArguments>();
  auto add_command =
      program.command(group, "add", "Make the kit of a Debian kernel, from apt (without root) or from .deb files",
                      "  suture kit add 6.1.0-53-amd64\n"
                      "  suture kit add $(uname -r)\n"
                      "  suture kit add 6.1.0-48-amd64 --deb-dir ~/debs",
                      [adding](const Context& context) {
                        kit::AddOptions options{.finish = builder::prepare_kit};
                        if (!adding->deb_dir.empty()) options.deb_dir = adding->deb_dir;
                        return add(adding->release, options, context);
                      });
  add_command.add_option("RELEASE", adding->release, "Kernel release, as uname -r prints it").required();
  add_command
      .add_option("--deb-dir", adding->deb_dir,
                  "Directory with linux-image, linux-headers and linux-source packages; what it lacks comes from apt")
      .type_name("DIR");

  program.command(group, "list", "List the kits", "  suture kit list\n  suture kit list --json", show_kits);

  const auto removed = std::make_shared<std::string>();
  program
      .command(group, "remove", "Remove a kit; downloaded packages stay", "  suture kit remove 6.1.0-53-amd64",
               [removed](const Context& context) { return remove(*removed, context); })
      .add_option("RELEASE", *removed, "Kernel release of the kit")
      .required();
}

}  // namespace suture::cli
