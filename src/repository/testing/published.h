// A repository of levels in a directory, and a client's store beside it.
#pragma once

#include <cstdlib>

#include "repository/source.h"
#include "repository/store.h"
#include "trust/level/testing/manifests.h"
#include "trust/tuf/testing/repository.h"

namespace suture::repository::testing {

namespace tuf = trust::tuf;
using trust::testing::build_id;
inline const std::string release = "6.1.0-53-amd64";

inline void must(const Status& done) {
  if (!done) std::abort();
}

class Published : public tuf::testing::Repository {
 public:
  explicit Published(std::uint32_t levels = 1) : directory(TempDir::make().value()) {
    delegate("linux-6.1", {6}, {"6.1/*/*"}, true);
    for (std::uint32_t level = 1; level <= levels; ++level) add_level(level);
    write();
    must(write_file(path() / "first-root.json", served.at("1.root.json")));
  }

  void add_level(std::uint32_t number) {
    const auto manifest = trust::testing::manifest_of(number);
    index.release = manifest.release;
    index.build_id = manifest.build_id;
    must(trust::add_level(index, manifest));
    set_target(trust::level_path("6.1", build_id, number), trust::testing::level_file(manifest));
    const auto text = trust::write_kernel_index(index).value();
    set_target(trust::index_path("6.1", build_id), {text.begin(), text.end()});
  }
  void set_target(const std::string& target, const Bytes& content) {
    const auto described = tuf::testing::target_file(as_text(content));
    delegated["linux-6.1"].targets[target] = described;
    contents[target_file(target)] = content;
  }
  /// Where the target lies.
  std::string target_file(const std::string& target) {
    const auto& hashes = delegated["linux-6.1"].targets[target].hashes;
    return "targets/" + tuf::target_file_name(target, hashes.at("sha256"));
  }
  /// Signs everything anew and writes it to the directory.
  void write() {
    publish();
    for (const auto& [name, file] : served) put("metadata/" + name, file);
    for (const auto& [name, file] : contents) put(name, file);
  }
  /// A version later, with whatever was changed.
  void write_next() {
    for (tuf::Head* each : std::initializer_list<tuf::Head*>{&targets, &delegated["linux-6.1"], &snapshot, &timestamp})
      ++each->version;
    write();
  }
  void put(const std::string& name, ByteView file) {
    must(make_directories((path() / name).parent_path()));
    must(write_file(path() / name, file, Sync::no));
  }
  fs::path path() const { return directory.path(); }
  Store store() const { return {path() / "state", path() / "first-root.json"}; }
  std::unique_ptr<Source> source() const { return std::move(*directory_source(path())); }

  trust::KernelIndex index;
  std::map<std::string, Bytes> contents;
  TempDir directory;
};

}  // namespace suture::repository::testing
