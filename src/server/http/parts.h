// All that requests are answered from.
#pragma once

#include "server/domain/catalogue/catalogue.h"
#include "server/domain/hosts/fleet.h"
#include "server/domain/people/login.h"
#include "server/domain/policy/policies.h"
#include "server/domain/rollouts/rollouts.h"
#include "server/http/strangers.h"

namespace suture::server {

struct Parts {
  Store& store;
  Catalogue& catalogue;
  Policies& policies;
  Fleet& fleet;
  Rollouts& rollouts;
  Logins& logins;
  Strangers& strangers;
  const trust::ed25519::PrivateKey& assignment_key;
};

}  // namespace suture::server
