// Every request, by its path: an agent's, a person's, or a login.
#pragma once

#include "server/http/parts.h"
#include "server/http/request.h"

namespace suture::server {

Answer answer(Parts& parts, const Request& request, Time now);

}  // namespace suture::server
