// The people's part of api/openapi.yaml.
#pragma once

#include "server/domain/catalogue/catalogue.h"
#include "server/domain/policy/policies.h"
#include "server/domain/rollouts/rollouts.h"
#include "server/http/request.h"

namespace suture::server {

/// Whether this path is theirs.
bool is_of_people(const Request& request);

/// All that people ask.
struct Control {
  Store& store;
  Catalogue& catalogue;
  Policies& policies;
  Rollouts& rollouts;
};

Answer answer_people(Control& control, const Request& request, Time now);

}  // namespace suture::server
