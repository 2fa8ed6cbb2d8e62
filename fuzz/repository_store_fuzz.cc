// Reads what a client keeps on disk, and bundles, damaged anywhere. Whatever is accepted is the level that was kept.
#include "fuzz/fuzz.h"
#include "repository/bundle.h"
#include "repository/store.h"
#include "repository/testing/published.h"
#include "repository/update.h"

namespace {

using namespace suture;
using namespace suture::repository;
using testing::build_id;
using testing::release;
using trust::tuf::testing::now;

struct Good {
  testing::Published repository{2};
  Bytes trusted, kept, bundle;
  fs::path state = repository.path() / "state", root = repository.path() / "first-root.json";

  Good() {
    const auto source = repository.source();
    const auto store = repository.store();
    const auto update = Update::begin(store, *source, now).value();
    fuzz::require(update->refresh() && update->level(release, build_id, 1));
    trusted = read_file(state / "trusted.tar").value();
    kept = read_file(kept_file()).value();
    bundle = export_bundle(*source, root, {}, now).value();
  }
  fs::path kept_file() const { return state / "kept" / build_id / "level-1.tar"; }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Good good;
  ByteView input(data, size);
  switch (fuzz::take_byte(input) % 3) {
    case 0: {
      fuzz::require(write_file(good.state / "trusted.tar", fuzz::damage(good.trusted, input), Sync::no).has_value());
      static_cast<void>(good.repository.store().load());
      return 0;
    }
    case 1: {
      fuzz::require(write_file(good.kept_file(), fuzz::damage(good.kept, input), Sync::no).has_value());
      const auto level = good.repository.store().kept_level(release, build_id, 1);
      if (level) fuzz::require(as_text(level->level.file("live-patch.ko")) == "the module of level_1");
      return 0;
    }
    default: {
      const auto file = good.repository.path() / "bent.bundle";
      fuzz::require(write_file(file, fuzz::damage(good.bundle, input), Sync::no).has_value());
      const auto memory = TempDir::make().value();
      const Store store(memory.path(), good.root);
      const auto source = bundle_source(file);
      if (!source) return 0;
      const auto update = Update::begin(store, **source, now);
      if (!update || !(*update)->refresh()) return 0;
      const auto level = (*update)->level(release, build_id, 2);
      if (level) fuzz::require(as_text(level->level.file("live-patch.ko")) == "the module of level_2");
      return 0;
    }
  }
}
