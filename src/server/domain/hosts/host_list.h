// Hosts as people see them.
#pragma once

#include <string>
#include <string_view>

#include "server/domain/catalogue/catalogue.h"
#include "server/domain/people/people.h"
#include "server/domain/store.h"

namespace suture::server {

/// A host that did not report for so long is silent.
inline constexpr std::chrono::minutes silent_after{5};

/// Bodies and answers are as api/openapi.yaml has them. Without `offers`, no host is called unsupported.
Outcome<std::string> list_hosts(Store& store, const Offers* offers, Time now);
/// Some of them, and after which one the next begin.
struct HostList {
  std::string json;
  std::optional<HostPlace> next{};  ///< nothing after the last
};
Outcome<HostList> list_hosts(Store& store, const Offers* offers, const HostPlace& after, std::size_t most, Time now);
/// One, with its inventory, and what changed in its kernel, level and state.
Outcome<std::string> show_host(Store& store, const Offers* offers, const std::string& id, Time now);
/// New labels in place of all that it has. Rings of rollouts that exist keep their hosts.
Outcome<std::string> label_host(Store& store, const Offers* offers, const Person& person, const std::string& id,
                                std::string_view body, Time now);

}  // namespace suture::server
