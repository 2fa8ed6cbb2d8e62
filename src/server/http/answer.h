// Every request, by its path: an agent's, a person's, or a login.
#pragma once

#include "server/domain/people/login.h"
#include "server/domain/rollouts/rollouts.h"
#include "server/http/request.h"
#include "server/http/strangers.h"

namespace suture::server {

struct Parts {
  Store& store;
  Fleet& fleet;
  Rollouts& rollouts;
  Logins& logins;
  Strangers& strangers;
};

Answer answer(Parts& parts, const Request& request, Time now);

}  // namespace suture::server
