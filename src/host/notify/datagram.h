#pragma once

#include <string_view>

#include "base/result.h"

namespace suture::host {

/// Sends one datagram to a Unix socket: a path, or a name in the abstract namespace with '@' in front.
/// Never waits.
Status send_datagram(std::string_view socket, std::string_view content);

}  // namespace suture::host
