#include "server/domain/people/rate_limit.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "base/bytes.h"

namespace suture::server {

Time RateLimit::full_at(const std::string& client, Time now) const {
  const auto known = full_.find(client);
  return known == full_.end() ? now : std::clamp(known->second, now, now + rate_.at_once * rate_.refill);
}

std::chrono::seconds RateLimit::wait(const std::string& client, Time now) const {
  const auto last_that_has_one = now + (rate_.at_once - 1) * rate_.refill;
  return std::max(full_at(client, now) - last_that_has_one, std::chrono::seconds(0));
}

void RateLimit::spend(const std::string& client, Time now) {
  const auto full = std::min(full_at(client, now) + rate_.refill, now + rate_.at_once * rate_.refill);
  if (!full_.contains(client) && full_.size() >= remembered_) make_room(now);
  full_[client] = full;
}

void RateLimit::make_room(Time now) {
  std::erase_if(full_, [&](const auto& each) { return each.second <= now; });
  if (full_.size() < remembered_) return;
  full_.erase(std::ranges::min_element(full_, {}, [](const auto& each) { return each.second; }));
}

std::string client_of(std::string_view address) {
  constexpr std::size_t network = 8;
  std::string text(address.substr(0, address.find('%')));
  std::array<std::uint8_t, 16> bytes{};
  if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return text;
  constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (std::ranges::equal(mapped, ByteView(bytes).first(mapped.size())))
    return fmt::format("{}.{}.{}.{}", bytes[12], bytes[13], bytes[14], bytes[15]);
  return to_hex(ByteView(bytes).first(network));
}

}  // namespace suture::server
