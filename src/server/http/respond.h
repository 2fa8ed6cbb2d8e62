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

/// The most that a list gives at a time.
inline constexpr std::size_t most_on_a_page = 1000;
/// JSON of a part of a list; `link` is where it goes on, empty for the last.
Answer page_of(const std::string& json, std::string link);

inline constexpr std::string_view event_stream_type = "text/event-stream";

}  // namespace suture::server
