// Server-sent events: what is new is written as it comes, for as long as the reader is there.
#pragma once

#include "server_cli/connection.h"
#include "server_cli/service.h"

namespace suture::server_cli {

/// `given` is the first answer to `request`. Each reader has a coroutine, and one answer's worth of memory: one that is
/// slow holds up nobody, and is gone once it takes nothing for as long as the listener's patience.
boost::asio::awaitable<void> write_events(Connection& connection, server::Request request, server::Answer given,
                                          Service& service);

}  // namespace suture::server_cli
