// What a policy would do if it held now: to the newest level of each kernel, and to rollouts that are under way.
#pragma once

#include <string>
#include <string_view>

#include "server/domain/catalogue/catalogue.h"
#include "server/domain/rollouts/rollouts.h"

namespace suture::server {

/// Nothing is changed. Body and answer are as api/openapi.yaml has them.
Outcome<std::string> try_policy(Store& store, Catalogue& catalogue, Rollouts& rollouts, const Person& person,
                                std::string_view body, Time now);

}  // namespace suture::server
