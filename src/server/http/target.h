// "/v1/agent/assignment?after=3&wait=60": a path, and named values.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/domain/outcome.h"

namespace suture::server {

class Target {
 public:
  explicit Target(std::string_view text);

  const std::string& path() const { return path_; }
  /// The path's parts: {"v1", "agent", "assignment"}.
  const std::vector<std::string>& parts() const { return parts_; }
  /// What is waited for: entries after a sequence, for so long. Refuses what is no number, or too long.
  struct Wait {
    std::int64_t after = 0;
    std::chrono::seconds wait{0};
  };
  Outcome<Wait> wait() const;
  /// How many of a list are asked for, of at most so many, and after which place: empty for the first.
  struct Page {
    std::size_t limit = 0;
    std::string after{};
  };
  Outcome<Page> page(std::size_t most) const;
  /// Where the next page is, as Link has it (RFC 8288).
  std::string next_page(const Page& page, std::string_view after) const;

 private:
  /// `otherwise` if it is not there; nothing if it is no number from `least` to `most`.
  std::optional<std::int64_t> number(const std::string& name, std::int64_t least, std::int64_t most,
                                     std::int64_t otherwise = 0) const;

  std::string path_;
  std::vector<std::string> parts_;
  std::map<std::string, std::string> query_;
};

}  // namespace suture::server
