#include "trust/repository/differences.h"

#include <algorithm>
#include <map>

namespace suture::trust {
namespace {

using Lines = std::map<std::string, std::string>;  ///< what is said of each thing

Lines describe(const std::string& role, const tuf::Role& keys) {
  Lines lines{{fmt::format("{}: threshold", role), fmt::format("{} of {}", keys.threshold, keys.keyids.size())}};
  for (const auto& id : keys.keyids) lines.emplace(fmt::format("{}: key {}", role, id), "");
  return lines;
}

Lines describe(const tuf::Root& root) {
  Lines lines;
  for (const auto& [name, role] : root.roles) lines.merge(describe(name, role));
  return lines;
}

Lines describe(const tuf::Targets& targets) {
  Lines lines;
  for (const auto& [path, file] : targets.targets) {
    const auto hash = file.hashes.begin();
    lines.emplace(fmt::format("target {}", path),
                  fmt::format("{} bytes, {} {}", file.length, hash->first, hash->second));
  }
  if (!targets.delegations) return lines;
  for (const auto& each : targets.delegations->roles) {
    lines.merge(describe(each.name, each.role));
    for (const auto& path : each.paths.value_or(std::vector<std::string>{})) {
      lines.emplace(fmt::format("{}: paths {}", each.name, path), "");
    }
  }
  return lines;
}

std::string text_of(const tuf::MetaFile& file) { return fmt::format("version {}", file.version); }

Lines describe(const tuf::Snapshot& snapshot) {
  Lines lines;
  for (const auto& [name, file] : snapshot.meta) lines.emplace(name, text_of(file));
  return lines;
}

Lines describe(const tuf::Timestamp& timestamp) { return {{"snapshot.json", text_of(timestamp.snapshot)}}; }

template <typename Content>
std::vector<std::string> compare(const Content* before, const Content& after) {
  const auto old = before == nullptr ? Lines{} : describe(*before);
  const auto now = describe(after);
  const auto say = [](std::string_view sign, const std::string& thing, const std::string& text) {
    return fmt::format("{} {}{}{}", sign, thing, text.empty() ? "" : ": ", text);
  };
  std::vector<std::string> lines;
  for (const auto& [thing, text] : old) {
    if (!now.contains(thing)) lines.push_back(say("-", thing, text));
  }
  for (const auto& [thing, text] : now) {
    const auto found = old.find(thing);
    if (found == old.end()) lines.push_back(say("+", thing, text));
    if (found != old.end() && found->second != text) {
      lines.push_back(say("~", thing, fmt::format("{}, was {}", text, found->second)));
    }
  }
  return lines;
}

}  // namespace

std::vector<std::string> differences(const tuf::Root* before, const tuf::Root& after) { return compare(before, after); }
std::vector<std::string> differences(const tuf::Targets* before, const tuf::Targets& after) {
  return compare(before, after);
}
std::vector<std::string> differences(const tuf::Snapshot* before, const tuf::Snapshot& after) {
  return compare(before, after);
}
std::vector<std::string> differences(const tuf::Timestamp* before, const tuf::Timestamp& after) {
  return compare(before, after);
}

}  // namespace suture::trust
