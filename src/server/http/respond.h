// What the domain answered, as HTTP has it.
#pragma once

#include <string>

#include "server/domain/outcome.h"
#include "server/http/request.h"

namespace suture::server {

/// Problem details (RFC 9457).
Answer problem(const Refusal& refusal);
Answer as_answer(const Outcome<std::string>& outcome);
Answer as_answer(const Done& done);  ///< 204
Answer no_such_operation();

}  // namespace suture::server
