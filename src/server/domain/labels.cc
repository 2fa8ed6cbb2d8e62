#include "server/domain/labels.h"

#include <algorithm>

namespace suture::server {

bool matches(const Labels& host, const Labels& where) {
  if (where.empty()) return false;
  return std::ranges::all_of(where, [&](const auto& wanted) {
    const auto found = host.find(wanted.first);
    return found != host.end() && found->second == wanted.second;
  });
}

}  // namespace suture::server
