#include "agent_cli/offer.h"

#include "agent/levels/level_plan.h"
#include "base/digest.h"

namespace suture::agent_cli {

repository::Store store_of(const Site& site) {
  return {fs::path(site.config.state) / "repository", site.config.first_root};
}

Result<std::unique_ptr<repository::Source>> source_of(const Site& site, const std::string& source) {
  const auto& where = source.empty() ? site.config.source : source;
  if (where.empty())
    return fail(Error("no repository is configured")
                    .advise("name one in the configuration (repository: source), or with --from"));
  return repository::open_source(where, site.config.fetch);
}

namespace {

trust::tuf::Time clock_time() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

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

Result<Visit> Visit::begin(const Site& site, const std::string& source) {
  Visit visit(site);
  visit.release_ = site.kernel_release();
  visit.build_id_ = site.kernel_build_id();
  if (visit.build_id_.empty())
    return fail(Error("the build-id of the running kernel cannot be read: nobody can tell which levels are for it")
                    .advise("suture-agent inventory says why"));
  visit.store_ = std::make_unique<repository::Store>(store_of(site));
  visit.source_ = TRY(source_of(site, source));
  visit.update_ = TRY(repository::Update::begin(*visit.store_, *visit.source_, clock_time()));
  TRY(visit.update_->refresh());
  visit.index_ = TRY(visit.update_->index(visit.release_, visit.build_id_));
  if (visit.index_ && visit.index_->levels.empty()) visit.index_.reset();
  return visit;
}

std::optional<std::string> Visit::highest() const {
  if (!index_) return std::nullopt;
  return agent::subject_of_level(release_, index_->levels.back().level);
}

std::optional<std::string> Visit::digest(std::uint32_t wanted) const {
  if (index_)
    for (const auto& each : index_->levels)
      if (each.level == wanted) return each.digest;
  return std::nullopt;
}

Result<Offer> Visit::plan(const agent::History& history, std::optional<std::uint32_t> level, std::string id) {
  if (!index_) {
    const auto none = fmt::format("{} has no level for {} with build-id {}", source_->name(), release_, build_id_);
    if (level) return fail("{}", none);
    return Offer{.nothing = none};
  }
  const auto highest = index_->levels.back().level;
  const auto wanted = level.value_or(highest);
  if (wanted < index_->floor) return fail("level {} is below the floor of this kernel, {}", wanted, index_->floor);
  const auto now = agent::level_in_force(history, build_id_);
  if (now && now->level == wanted)
    return Offer{.nothing = fmt::format("level {}{} is in force", wanted, wanted == highest ? ", the highest," : "")};
  const auto verified = TRY(update_->level(release_, build_id_, wanted));
  const auto file = TRY(unpack(*site_, verified));
  auto plan = TRY(agent::plan_for_level(verified.level.manifest, file, now, std::move(id)));
  return Offer{.plan = std::move(plan)};
}

Result<std::optional<trust::KernelIndex>> seen_index(const Site& site) {
  if (!fs::exists(fs::path(site.config.state) / "repository")) return std::nullopt;
  return store_of(site).kept_index(site.kernel_release(), site.kernel_build_id());
}

Result<Offer> plan_local(const Site& site, const std::string& name, std::string id) {
  const auto found = site.config.plans.find(name);
  if (found == site.config.plans.end())
    return fail(
        Error(fmt::format("the configuration has no plan '{}'", name)).advise("plans are listed there by name"));
  return Offer{.plan = agent::Plan{.id = std::move(id), .subject = "local " + name, .steps = found->second}};
}

}  // namespace suture::agent_cli
