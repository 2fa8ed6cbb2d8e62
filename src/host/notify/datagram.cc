#include "host/notify/datagram.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

#include "base/fd.h"

namespace suture::host {

Status send_datagram(std::string_view socket, std::string_view content) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket.empty() || socket.size() >= sizeof address.sun_path || (socket[0] != '/' && socket[0] != '@'))
    return fail("\"{}\" is no address of a Unix socket", socket.substr(0, 120));
  std::memcpy(address.sun_path, socket.data(), socket.size());
  if (socket[0] == '@') address.sun_path[0] = '\0';
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket.size());

  const Fd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd) return fail("{}: cannot make a socket: {}", socket, std::strerror(errno));
  ssize_t sent = 0;
  do {
    sent = ::sendto(fd.get(), content.data(), content.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                    reinterpret_cast<const sockaddr*>(&address), length);
  } while (sent < 0 && errno == EINTR);
  if (sent < 0) return fail("{}: cannot send {} bytes: {}", socket, content.size(), std::strerror(errno));
  return {};
}

}  // namespace suture::host
