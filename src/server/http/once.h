// A request with an Idempotency-Key is carried out once, however often it comes: whoever did not hear the answer asks
// again, and hears the same.
#pragma once

#include <functional>

#include "server/http/parts.h"
#include "server/http/request.h"

namespace suture::server {

/// The answer is kept in one transaction with what was done: a server that dies in between has done nothing. That we
/// failed is not kept, nor is anything that was done by then; nor is "not yet", at which nothing was done.
Answer once(Parts& parts, const Person& person, const Request& request, Time now,
            const std::function<Answer()>& carry_out);

}  // namespace suture::server
