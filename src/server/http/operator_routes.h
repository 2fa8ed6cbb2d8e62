// The people's part of api/openapi.yaml.
#pragma once

#include "server/http/parts.h"
#include "server/http/request.h"

namespace suture::server {

/// Whether this path is theirs.
bool is_of_people(const Request& request);

Answer answer_people(Parts& parts, const Request& request, Time now);

}  // namespace suture::server
