#include "server/domain/people/lockout.h"

#include <algorithm>

namespace suture::server {
namespace {

constexpr std::int64_t allowed = 5;
constexpr std::chrono::minutes shortest{1}, longest{60};

}  // namespace

LoginFailures one_more(LoginFailures before, Time now) {
  ++before.in_a_row;
  const auto beyond = before.in_a_row - allowed;
  if (beyond < 0) return before;
  constexpr std::int64_t doublings = 6;  // to more than the longest
  before.locked_until = now + std::min(shortest * (1 << std::min(beyond, doublings)), longest);
  return before;
}

std::chrono::seconds locked_for(const LoginFailures& failures, Time now) {
  return std::max(failures.locked_until - now, std::chrono::seconds(0));
}

}  // namespace suture::server
