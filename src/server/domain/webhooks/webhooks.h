// Webhooks: what is sent to whom, in which order, and what becomes of it. Who sends is elsewhere.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/domain/store.h"

namespace suture::server {

/// Makes one that is told what happens from now on, beginning with that it was made. Refuses what is no http:// or
/// https:// address, and one that has a password.
Result<Webhook> make_webhook(Store& store, const std::string& url, const std::vector<std::string>& words, Time now);
/// Fails if there is none.
Status remove_webhook(Store& store, const std::string& id, Time now);

/// Where an address is, and what is asked for there.
struct WebAddress {
  std::string origin;  ///< "https://siem.example.org:8443"
  std::string target;  ///< "/suture?tenant=1"
};
Result<WebAddress> read_address(std::string_view url);

/// What is to be sent next.
struct Delivery {
  std::string body{};     ///< empty if nothing that is new was asked for
  std::int64_t told = 0;  ///< the last entry that it settles
};
/// Nothing if nothing is new.
Result<std::optional<Delivery>> next_delivery(Store& store, const Webhook& webhook);

/// The value of Suture-Signature: "t=UNIX,v1=HMAC-SHA256(secret, "UNIX.BODY")". The time is signed too, so that what
/// somebody recorded cannot be sent again later.
std::string signature(std::string_view secret, Time at, std::string_view body);

/// After so many failures in a row: twice as long each time, an hour at most, and a part of it, from a half to all, by
/// `chance` from 0 to 1: receivers that come back are not met by everybody at once.
std::chrono::milliseconds pause_after(std::int64_t failures, double chance);

/// Entries of the audit that it has not been told.
Result<std::int64_t> behind(Store& store, const Webhook& webhook);

}  // namespace suture::server
