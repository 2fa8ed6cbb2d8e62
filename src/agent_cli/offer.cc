#include "agent_cli/offer.h"

#include "agent/levels/level_plan.h"
#include "base/digest.h"
#include "repository/store.h"
#include "repository/update.h"

namespace suture::agent_cli {
namespace {

repository::Store store_of(const Site& site) {
  return {fs::path(site.config.state) / "repository", site.config.first_root};
}

trust::tuf::Time clock_time() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

Result<std::unique_ptr<repository::Source>> source_of(const Site& site, const std::string& source) {
  const auto& where = source.empty() ? site.config.source : source;
  if (where.empty())
    return fail(Error("no repository is configured")
                    .advise("name one in the configuration (repository: source), or with --from"));
  return repository::open_source(where, site.config.fetch);
}

// The module, beside the journal that will name it. Its digest goes into the plan, and is checked when it is loaded.
Result<agent::LevelFile> unpack(const Site& site, const repository::VerifiedLevel& verified) {
  const auto& manifest = verified.level.manifest;
  const auto module = verified.level.file(trust::live_patch_file);
  const auto directory = fs::path(site.config.state) / "levels" / manifest.build_id;
  TRY(make_directories(directory));
  const auto file = directory / fmt::format("{}.ko", manifest.level);
  TRY(write_file(file, module));
  return agent::LevelFile{manifest.level, manifest.name, file.string(), sha256_hex(module)};
}

}  // namespace

Result<std::optional<trust::KernelIndex>> refresh(Site& site, const std::string& source) {
  const auto store = store_of(site);
  const auto from = TRY(source_of(site, source));
  const auto update = TRY(repository::Update::begin(store, *from, clock_time()));
  TRY(update->refresh());
  return update->index(site.kernel_release(), site.kernel_build_id());
}

Result<std::optional<trust::KernelIndex>> seen_index(const Site& site) {
  if (!fs::exists(fs::path(site.config.state) / "repository")) return std::nullopt;
  return store_of(site).kept_index(site.kernel_release(), site.kernel_build_id());
}

Result<std::optional<agent::Plan>> plan_level(Site& site, const agent::History& history, const std::string& source,
                                              std::optional<std::uint32_t> level, std::string id) {
  const auto release = site.kernel_release();
  const auto build_id = site.kernel_build_id();
  const auto store = store_of(site);
  const auto from = TRY(source_of(site, source));
  const auto update = TRY(repository::Update::begin(store, *from, clock_time()));
  TRY(update->refresh());
  const auto index = TRY(update->index(release, build_id));
  if (!index || index->levels.empty()) {
    if (level) return fail("{}: has no levels for {} ({})", from->name(), release, build_id);
    return std::nullopt;
  }
  const auto wanted = level.value_or(index->levels.back().level);
  if (wanted < index->floor) return fail("level {} is below the floor of this kernel, {}", wanted, index->floor);
  const auto now = agent::level_in_force(history, build_id);
  if (now && now->level == wanted) return std::nullopt;
  const auto verified = TRY(update->level(release, build_id, wanted));
  const auto file = TRY(unpack(site, verified));
  auto plan = TRY(agent::plan_for_level(verified.level.manifest, file, now, std::move(id)));
  return plan;
}

Result<agent::Plan> plan_local(const Site& site, const std::string& name, std::string id) {
  const auto found = site.config.plans.find(name);
  if (found == site.config.plans.end())
    return fail(
        Error(fmt::format("the configuration has no plan '{}'", name)).advise("plans are listed there by name"));
  return agent::Plan{.id = std::move(id), .subject = "local " + name, .steps = found->second};
}

}  // namespace suture::agent_cli
