#include "server/catalogue/repository.h"

#include <algorithm>

#include "base/digest.h"
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

class RepositoryCatalogue : public Catalogue {
 public:
  RepositoryCatalogue(std::string source, repository::Store store)
      : source_(std::move(source)), store_(std::move(store)) {}

  Status look() {
    if (source_.empty()) return {};
    const auto source = TRY(repository::open_source(source_));
    const auto update = TRY(repository::Update::begin(store_, *source, clock_time()));
    return update->refresh();
  }

  Result<MetadataVersions> versions() override {
    if (source_.empty()) return MetadataVersions{};
    const auto have = TRY(store_.versions());
    return MetadataVersions{have.root, have.timestamp, have.snapshot, have.targets};
  }

  Result<std::optional<OfferedLevel>> level(const std::string& release, const std::string& build_id,
                                            rollout::Level wanted) override {
    const auto source = TRY(repository::open_source(source_));
    const auto update = TRY(repository::Update::begin(store_, *source, clock_time()));
    TRY(update->refresh());
    const auto index = TRY(update->index(release, build_id));
    if (!index || std::ranges::find(index->levels, wanted, &trust::IndexedLevel::level) == index->levels.end())
      return std::nullopt;
    const auto verified = TRY(update->level(release, build_id, wanted));
    OfferedLevel offered{.sha256 = sha256_hex(verified.level.file(trust::live_patch_file)), .floor = index->floor};
    for (const auto& edge : verified.level.manifest.edges)
      if (const auto way = way_of(edge.by); way && edge.from == wanted) offered.ways_back.push_back({edge.to, *way});
    return offered;
  }

 private:
  std::string source_;
  repository::Store store_;
};

}  // namespace

std::unique_ptr<Catalogue> repository_catalogue(std::string source, std::filesystem::path first_root,
                                                std::filesystem::path kept, Status& looked) {
  auto catalogue = std::make_unique<RepositoryCatalogue>(std::move(source),
                                                         repository::Store(std::move(kept), std::move(first_root)));
  looked = catalogue->look();
  return catalogue;
}

}  // namespace suture::server
