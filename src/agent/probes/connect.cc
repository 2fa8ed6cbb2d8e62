#include "agent/probes/connect.h"

#include <netdb.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <future>
#include <memory>
#include <thread>

namespace suture::agent {
namespace {

int milliseconds_until(Deadline deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1 << 30));
}

Result<std::vector<Address>> search(const std::string& node, const std::string& service, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* found = nullptr;
  if (const int code = ::getaddrinfo(node.c_str(), service.c_str(), &hints, &found); code != 0)
    return fail("{}", ::gai_strerror(code));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list(found, &::freeaddrinfo);
  std::vector<Address> addresses;
  for (const auto* each = found; each != nullptr; each = each->ai_next) {
    Address address{.storage = {}, .size = each->ai_addrlen};
    std::memcpy(&address.storage, each->ai_addr, each->ai_addrlen);
    addresses.push_back(address);
  }
  return addresses;
}

// getaddrinfo() knows no time limit, and cannot be ended: where it takes too long, its thread is left to itself.
Result<std::vector<Address>> search(const std::string& node, const std::string& service, Deadline deadline) {
  if (auto numeric = search(node, service, AI_NUMERICHOST)) return numeric;
  std::packaged_task<Result<std::vector<Address>>()> task([=] { return search(node, service, 0); });
  auto found = task.get_future();
  std::thread(std::move(task)).detach();
  if (found.wait_until(deadline) != std::future_status::ready) return fail("its name was not found in time");
  return found.get();
}

}  // namespace

Status await_input(const Fd& fd, Deadline deadline) {
  pollfd poll{.fd = fd.get(), .events = POLLIN, .revents = 0};
  const int ready = ::poll(&poll, 1, milliseconds_until(deadline));
  if (ready < 0) return fail("{}", std::strerror(errno));
  if (ready == 0) return fail("no answer in time");
  return {};
}

Result<Fd> connect_to_any(const std::vector<Address>& addresses, Deadline deadline) {
  std::string reason = "no address";
  std::vector<Fd> sockets;
  std::vector<pollfd> polls;
  for (const auto& each : addresses) {
    const auto* address = reinterpret_cast<const sockaddr*>(&each.storage);
    Fd fd(::socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (fd && ::connect(fd.get(), address, each.size) == 0) return fd;
    reason = std::strerror(errno);
    if (!fd || errno != EINPROGRESS) continue;
    polls.push_back({fd.get(), POLLOUT, 0});
    sockets.push_back(std::move(fd));
  }
  while (!polls.empty()) {
    const int ready = ::poll(polls.data(), polls.size(), milliseconds_until(deadline));
    if (ready < 0) return fail("{}", std::strerror(errno));
    if (ready == 0) return fail("no answer in time");
    for (auto i = polls.size(); i-- > 0;) {
      if (polls[i].revents == 0) continue;
      int error = 0;
      socklen_t size = sizeof error;
      ::getsockopt(polls[i].fd, SOL_SOCKET, SO_ERROR, &error, &size);
      if (error == 0) return std::move(sockets[i]);
      reason = std::strerror(error);
      polls.erase(polls.begin() + static_cast<std::ptrdiff_t>(i));
      sockets.erase(sockets.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  return fail("{}", reason);
}

Result<Fd> connect_to(const std::string& target, Deadline deadline) {
  const auto colon = target.rfind(':');
  if (colon == std::string::npos) return fail("{}: is not HOST:PORT", target);
  auto node = target.substr(0, colon);
  if (node.starts_with('[') && node.ends_with(']')) node = node.substr(1, node.size() - 2);
  const auto addresses = TRY(search(node, target.substr(colon + 1), deadline), "{}", target);
  return TRY(connect_to_any(addresses, deadline), "connecting to {}", target);
}

}  // namespace suture::agent
