#include "agent/upgrade/record.h"

#include <algorithm>
#include <array>

#include "base/json.h"
#include "base/strict_json.h"

namespace suture::agent {
namespace {

constexpr std::int64_t format = 1;
constexpr auto record_name = "record.json", unfinished_name = "unfinished", reported_name = "reported";
constexpr std::array phases{UpgradePhase::wanted,       UpgradePhase::installing, UpgradePhase::waiting,
                            UpgradePhase::putting_back, UpgradePhase::done,       UpgradePhase::failed};

boost::json::object as_json(const UpgradeRelease& release) {
  boost::json::array packages;
  for (const auto& each : release.packages) packages.push_back({{"file", each.file}, {"sha256", each.sha256}});
  return {{"release", release.release}, {"version", release.version}, {"packages", std::move(packages)}};
}

Result<UpgradePackage> read_package(const boost::json::value& value, std::string place) {
  auto fields = TRY(json::Fields::of(value, std::move(place)));
  UpgradePackage package;
  package.file = TRY(fields.string("file"));
  package.sha256 = TRY(fields.string("sha256"));
  if (package.file.empty() || package.file.front() == '.' || package.file.find('/') != std::string::npos)
    return fail("{}: '{}' is no file beside the record", fields.place("file"), package.file);
  return package;
}

Result<std::uint32_t> read_number(json::Fields& fields, std::string_view name) {
  const auto number = TRY(fields.integer(name, 0, std::numeric_limits<std::uint32_t>::max()));
  return static_cast<std::uint32_t>(number);
}

Result<UpgradeRelease> read_release(json::Fields fields) {
  UpgradeRelease release;
  release.release = TRY(read_number(fields, "release"));
  release.version = TRY(fields.string("version"));
  const auto* packages = TRY(fields.array("packages"));
  for (const auto& each : *packages) {
    auto package = TRY(read_package(each, fields.place("packages")));
    release.packages.push_back(std::move(package));
  }
  if (release.packages.empty()) return fail("{}: names none", fields.place("packages"));
  return release;
}

Result<UpgradePhase> read_phase(json::Fields& fields) {
  const auto word = TRY(fields.string("phase"));
  const auto found = std::ranges::find(phases, word, [](UpgradePhase each) { return name_of(each); });
  if (found == phases.end()) return fail("{}: '{}' is none", fields.place("phase"), word);
  return *found;
}

Status take_away(const fs::path& file) {
  std::error_code error;
  fs::remove(file, error);
  return error ? Status(fail("{}: cannot remove: {}", file.string(), error.message())) : Status();
}

}  // namespace

std::string_view name_of(UpgradePhase phase) {
  switch (phase) {
    case UpgradePhase::wanted:
      return "wanted";
    case UpgradePhase::installing:
      return "installing";
    case UpgradePhase::waiting:
      return "waiting";
    case UpgradePhase::putting_back:
      return "putting-back";
    case UpgradePhase::done:
      return "done";
    case UpgradePhase::failed:
      break;
  }
  return "failed";
}

std::uint32_t release_before(const std::optional<Upgrade>& last, std::string_view running) {
  if (!last) return 0;
  if (last->phase == UpgradePhase::done && last->to.version == running) return last->from.release;
  if (last->phase == UpgradePhase::failed && last->from.version == running) return last->before;
  return 0;
}

Result<std::optional<Upgrade>> read_upgrade(const fs::path& directory) {
  const auto file = directory / record_name;
  if (!fs::exists(file)) return std::nullopt;
  const auto text = TRY(read_text(file));
  const auto value = TRY(json::parse_strict(text, file.string()));
  auto fields = TRY(json::Fields::of(value, file.string()));
  const auto written = TRY(fields.integer("format", 0));
  if (written != format)
    return fail(Error(fmt::format("{}: is of format {}; this version reads format {}", file.string(), written, format))
                    .advise("an upgrade of the agent that another version began is finished by that version"));
  Upgrade upgrade;
  upgrade.sequence = TRY(fields.integer("sequence", 0));
  const auto from = TRY(fields.object("from"));
  upgrade.from = TRY(read_release(from));
  const auto to = TRY(fields.object("to"));
  upgrade.to = TRY(read_release(to));
  upgrade.before = TRY(read_number(fields, "before"));
  upgrade.phase = TRY(read_phase(fields));
  upgrade.reason = TRY(fields.string("reason"));
  return upgrade;
}

Status keep(const fs::path& directory, const Upgrade& upgrade) {
  const boost::json::object record{
      {"format", format},          {"sequence", upgrade.sequence}, {"from", as_json(upgrade.from)},
      {"to", as_json(upgrade.to)}, {"before", upgrade.before},     {"phase", name_of(upgrade.phase)},
      {"reason", upgrade.reason}};
  TRY(write_text(directory / record_name, json::pretty(record)));
  if (is_over(upgrade)) return take_away(directory / unfinished_name);
  return mark_unfinished(directory);
}

Status mark_unfinished(const fs::path& directory) { return write_text(directory / unfinished_name, ""); }

Status mark_reported(const fs::path& directory, std::string_view version) {
  return write_text(directory / reported_name, fmt::format("{}\n", version));
}

bool has_reported(const fs::path& directory, std::string_view version) {
  return read_text(directory / reported_name).value_or("") == fmt::format("{}\n", version);
}

Status clear_upgrade(const fs::path& directory) {
  std::error_code error;
  std::vector<fs::path> left{directory / reported_name};
  for (fs::directory_iterator each(directory, error), end; !error && each != end; each.increment(error))
    if (each->path().extension() == ".deb") left.push_back(each->path());
  if (error) return fail("{}: cannot be read: {}", directory.string(), error.message());
  for (const auto& each : left) TRY(take_away(each));
  return {};
}

}  // namespace suture::agent
