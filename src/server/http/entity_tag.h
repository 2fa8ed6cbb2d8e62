// Entity tags (RFC 9110, 8.8.3): what a client has seen, so that it is not sent again, and that nothing is done to what
// has changed since.
#pragma once

#include <string>
#include <string_view>

#include "server/domain/rollouts/rollout_view.h"
#include "server/http/request.h"

namespace suture::server {

/// A rollout's, of two parts. An answer is another if either changes; an act minds the first alone, or else every
/// report of a host would stand in its way.
std::string tag_of(const ShownRollout& rollout);

/// Whether If-Match allows an act on what has this version. Without If-Match everything is allowed.
Done unchanged(std::string_view if_match, std::string_view version);

/// Gives JSON that was asked for a tag, if it has none; 304 if the client has it already.
Answer conditional(const Request& request, Answer answer);

}  // namespace suture::server
