// What comparisons of treated with untreated hosts say, from the reports that are kept.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "rollout/comparison.h"
#include "server/domain/store.h"

namespace suture::server {

/// The reports of a look do not change any more: each is read once.
class Comparisons {
 public:
  /// Of a ring that has begun, in a rollout with a comparison.
  Result<rollout::Check> answer(Store& store, const Rollout& rollout, std::size_t ring, Time now);

 private:
  std::map<std::pair<std::string, std::size_t>, rollout::Check> last_{};  ///< by rollout and ring; `at` is the look
};

}  // namespace suture::server
