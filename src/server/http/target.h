// "/v1/agent/assignment?after=3&wait=60": a path, and named values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace suture::server {

class Target {
 public:
  explicit Target(std::string_view text);

  const std::string& path() const { return path_; }
  /// The path's parts: {"v1", "agent", "assignment"}.
  const std::vector<std::string>& parts() const { return parts_; }
  /// 0 if it is not there; nothing if it is no number from `least` to `most`.
  std::optional<std::int64_t> number(const std::string& name, std::int64_t least, std::int64_t most) const;

 private:
  std::string path_;
  std::vector<std::string> parts_;
  std::map<std::string, std::string> query_;
};

}  // namespace suture::server
