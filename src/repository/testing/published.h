// A repository of levels in a directory, and a client's store beside it.
#pragma once

#include <cstdlib>

#include "repository/source.h"
#include "repository/store.h"
#include "trust/agent/agent_index.h"
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
  /// Releases 1 and so on of the agent, as role `role` speaks of them: "1.0" of suture-agent and suture-fetch.
  void add_agent_releases(std::uint32_t releases, const std::string& role = "agent") {
    if (role == "agent") delegate(role, {7}, {"agent/*", "agent/*/*"}, true);
    for (std::uint32_t number = 1; number <= releases; ++number) {
      trust::AgentRelease next{.release = number, .version = fmt::format("{}.0", number)};
      for (const auto* name : {"suture-agent", "suture-fetch"}) {
        const auto content = fmt::format("{} {}", name, next.version);
        next.packages.push_back({name, "amd64", sha256_hex(as_bytes(content))});
        set_target(trust::package_path(next, next.packages.back()), {content.begin(), content.end()}, role);
      }
      must(trust::add_release(agent, next));
    }
    const auto text = trust::write_agent_index(agent).value();
    set_target(std::string(trust::agent_index_path), {text.begin(), text.end()}, role);
  }
  void set_target(const std::string& target, const Bytes& content, const std::string& role = "linux-6.1") {
    delegated[role].targets[target] = tuf::testing::target_file(as_text(content));
    contents[target_file(target, role)] = content;
  }
  /// Where the target lies.
  std::string target_file(const std::string& target, const std::string& role = "linux-6.1") {
    const auto& hashes = delegated[role].targets[target].hashes;
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
    for (tuf::Head* each : std::initializer_list<tuf::Head*>{&targets, &snapshot, &timestamp}) ++each->version;
    for (auto& [role, content] : delegated) ++content.version;
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
  trust::AgentIndex agent;
  std::map<std::string, Bytes> contents;
  TempDir directory;
};

}  // namespace suture::repository::testing
