// The chain of reports of this host. Each names the digest of the one before; one is on disk before it is sent, and is
// sent again, byte for byte, until the server has it.
#pragma once

#include <string>

#include "base/file.h"

namespace suture::agent {

struct StoredReports {
  std::int64_t sequence = 0;  ///< of the last one
  std::string digest{};       ///< of the last one
  std::string pending{};      ///< the last one, until it is acknowledged
};

class Reports {
 public:
  static Result<Reports> open(const fs::path& directory);

  /// The one that was not acknowledged; empty if there is none.
  const std::string& pending() const { return pending_; }
  /// Makes the next one of `content`: a JSON object without protocol, sequence and previous. None may be pending.
  Status add(std::string_view content);
  /// The server has it.
  Status acknowledged();

 private:
  explicit Reports(fs::path file) : file_(std::move(file)) {}
  Status keep(const StoredReports& stored) const;

  fs::path file_;
  std::int64_t sequence_ = 0;  ///< of the last one
  std::string digest_{};       ///< of the last one
  std::string pending_{};
};

}  // namespace suture::agent
