#include "server/catalogue/repository.h"

#include <algorithm>

#include "repository/kernels.h"
#include "repository/update.h"
#include "repository/url_source.h"

namespace suture::server {
namespace {

std::optional<rollout::Way> way_of(std::string_view word) {
  if (word == "replace") return rollout::Way::replace;
  if (word == "disable-and-load") return rollout::Way::disable_and_load;
  if (word == "reboot") return rollout::Way::reboot;
  return std::nullopt;
}

trust::tuf::Time clock_time() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

OfferedLevel read_offer(const trust::IndexedLevel& indexed, const trust::Manifest& manifest) {
  OfferedLevel offered{.sha256 = indexed.digest};
  for (const auto& edge : manifest.edges)
    if (const auto way = way_of(edge.by); way && edge.from == indexed.level)
      offered.ways_back.push_back({edge.to, *way});
  offered.has_evidence =
      std::ranges::find(manifest.files, trust::evidence_file, &trust::ManifestFile::name) != manifest.files.end();
  return offered;
}

/// The levels of one kernel; those that `known` has already are taken from there.
Result<KernelOffer> read_kernel(repository::Update& update, trust::KernelIndex index, const KernelOffer* known) {
  KernelOffer offer;
  for (const auto& level : index.levels) {
    const auto before =
        known == nullptr ? std::map<rollout::Level, OfferedLevel>::const_iterator() : known->levels.find(level.level);
    if (known != nullptr && before != known->levels.end() && before->second.sha256 == level.digest) {
      offer.levels.insert(*before);
      continue;
    }
    const auto verified = TRY(update.level(index.release, index.build_id, level.level));
    offer.levels[level.level] = read_offer(level, verified.level.manifest);
  }
  offer.index = std::move(index);
  return offer;
}

}  // namespace

Result<MetadataVersions> RepositoryReader::versions() const {
  const auto have = TRY(store_.versions());
  return MetadataVersions{have.root, have.timestamp, have.snapshot, have.targets};
}

Status RepositoryReader::look_at_all() {
  const auto source = TRY(repository::open_source(source_));
  const auto update = TRY(repository::Update::begin(store_, *source, clock_time()));
  TRY(update->refresh());
  std::map<std::string, KernelOffer> kernels;
  for (const auto& path : repository::index_paths(TRY(update->targets()))) {
    auto index = TRY(update->index_at(path));
    if (!index) continue;
    const auto known = seen_.kernels.find(index->build_id);
    auto build_id = index->build_id;
    auto offer = TRY(read_kernel(*update, std::move(*index), known == seen_.kernels.end() ? nullptr : &known->second));
    kernels[std::move(build_id)] = std::move(offer);
  }
  auto agent = TRY(update->agent_index());
  seen_.kernels = std::move(kernels);
  seen_.agent = std::move(agent);
  return {};
}

Offers RepositoryReader::look() {
  if (source_.empty()) return {};
  const auto looked = look_at_all();
  seen_.failure = looked ? "" : looked.error().describe();
  if (const auto have = versions()) seen_.versions = *have;
  return seen_;
}

}  // namespace suture::server
