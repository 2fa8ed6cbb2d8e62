#include "server/domain/webhooks/webhooks.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "base/words.h"
#include "server/domain/audit.h"
#include "server/domain/random.h"

namespace suture::server {
namespace {

constexpr std::size_t longest_address = 2000, most_words = 50;

/// Whether a text has one of these words, whole: "held" is in "held: report 3 does…", and not in "withheld".
bool has_one(std::string_view text, const std::vector<std::string>& words) {
  while (!text.empty()) {
    const auto end = static_cast<std::size_t>(std::ranges::find_if_not(text, is_word) - text.begin());
    if (std::ranges::find(words, text.substr(0, end)) != words.end()) return true;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

Done note(Store& store, const std::string& text, Time now) {
  return as_done(append(store, {.at = now, .who = "server", .text = text}));
}

Status as_status(const Done& done) {
  if (!done) return fail("{}", done.error().message);
  return {};
}

}  // namespace

Result<WebAddress> read_address(std::string_view url) {
  const auto is_plain = [](unsigned char each) { return each > ' ' && each < 0x7f; };
  const std::string_view scheme = url.starts_with("https://") ? "https://" : "http://";
  if (!url.starts_with(scheme) || url.size() > longest_address || !std::ranges::all_of(url, is_plain))
    return fail("'{}' is no http:// or https:// address", url);
  const auto end = std::min(url.find_first_of("/?#", scheme.size()), url.size());
  const auto host = url.substr(scheme.size(), end - scheme.size());
  if (host.empty()) return fail("'{}' names no host", url);
  // It would be shown wherever the address is.
  if (host.find('@') != std::string_view::npos) return fail("the address has a name or password before its host");
  const auto target = url.substr(end);
  return WebAddress{std::string(url.substr(0, end)),
                    target.starts_with('/') ? std::string(target) : "/" + std::string(target)};
}

Result<Webhook> make_webhook(Store& store, const std::string& url, const std::vector<std::string>& words, Time now) {
  const auto address = TRY(read_address(url));
  const auto is_no_word = [](const std::string& each) { return each.empty() || !std::ranges::all_of(each, is_word); };
  if (words.size() > most_words || std::ranges::any_of(words, is_no_word))
    return fail("events are named by words of the audit's texts: begins,held,frozen");
  Webhook made{.id = TRY(random_hex(4)), .url = url, .secret = TRY(random_hex(32)), .words = words};
  const auto added = store.transaction([&]() -> Done {
    const auto last = TRY(store.last_audit());
    made.told = last ? last->sequence : 0;
    TRY(store.add_webhook(made));
    return note(store, fmt::format("webhook {} added: {}", made.id, address.origin), now);
  });
  TRY(as_status(added));
  return made;
}

Status remove_webhook(Store& store, const std::string& id, Time now) {
  return as_status(store.transaction([&]() -> Done {
    const auto was_there = TRY(store.remove_webhook(id));
    if (!was_there) return refuse(Kind::not_found, "not-found", "there is no webhook {}", id);
    return note(store, fmt::format("webhook {} removed", id), now);
  }));
}

Result<std::optional<Delivery>> next_delivery(Store& store, const Webhook& webhook) {
  constexpr std::size_t at_once = 100;
  const auto entries = TRY(store.audit_after(webhook.told, "", at_once));
  if (entries.empty()) return std::nullopt;
  std::string wanted;
  for (const auto& each : entries) {
    if (!webhook.words.empty() && !has_one(each.text, webhook.words)) continue;
    auto line = to_line(each);
    line.pop_back();
    wanted += (wanted.empty() ? "" : ",") + line;
  }
  Delivery next{.told = entries.back().sequence};
  if (!wanted.empty()) next.body = fmt::format(R"({{"webhook":"{}","entries":[{}]}})", webhook.id, wanted);
  return next;
}

std::string signature(std::string_view secret, Time at, std::string_view body) {
  const auto time = at.time_since_epoch().count();
  const auto text = fmt::format("{}.{}", time, body);
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> code{};
  unsigned size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), as_bytes(text).data(), text.size(), code.data(),
       &size);
  return fmt::format("t={},v1={}", time, to_hex(ByteView(code).first(size)));
}

std::chrono::milliseconds pause_after(std::int64_t failures, double chance) {
  constexpr std::int64_t first = 1000, longest = 3'600'000, doublings = 12;
  const auto full = std::min(longest, first << std::clamp<std::int64_t>(failures - 1, 0, doublings));
  return std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(full) * (0.5 + chance / 2)));
}

Result<std::int64_t> behind(Store& store, const Webhook& webhook) {
  const auto last = TRY(store.last_audit());
  return last ? last->sequence - webhook.told : 0;
}

}  // namespace suture::server
