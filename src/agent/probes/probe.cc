#include "agent/probes/probe.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "base/fd.h"
#include "base/process.h"
#include "host/system/service.h"

namespace suture::agent {
namespace {

using Deadline = std::chrono::steady_clock::time_point;

Status await(int fd, short events, Deadline deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
  pollfd poll{.fd = fd, .events = events, .revents = 0};
  const int ready = left <= 0 ? 0 : ::poll(&poll, 1, static_cast<int>(left));
  if (ready < 0) return fail("{}", std::strerror(errno));
  if (ready == 0) return fail("no answer in time");
  return {};
}

// "host:port"; an IPv6 address stands in brackets.
Result<Fd> connect_to(const std::string& target, Deadline deadline) {
  const auto colon = target.rfind(':');
  if (colon == std::string::npos) return fail("{}: is not HOST:PORT", target);
  auto node = target.substr(0, colon);
  if (node.starts_with('[') && node.ends_with(']')) node = node.substr(1, node.size() - 2);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int code = ::getaddrinfo(node.c_str(), target.substr(colon + 1).c_str(), &hints, &found); code != 0)
    return fail("{}: {}", target, ::gai_strerror(code));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);
  std::string reason = "no address";
  for (const auto* each = addresses.get(); each != nullptr; each = each->ai_next) {
    Fd fd(::socket(each->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, each->ai_protocol));
    if (!fd) continue;
    if (::connect(fd.get(), each->ai_addr, each->ai_addrlen) == 0) return fd;
    if (errno != EINPROGRESS) {
      reason = std::strerror(errno);
      continue;
    }
    TRY(await(fd.get(), POLLOUT, deadline), "connecting to {}", target);
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error == 0) return fd;
    reason = std::strerror(error);
  }
  return fail("{}: {}", target, reason);
}

Status probe_http(const std::string& url, Deadline deadline) {
  constexpr std::string_view scheme = "http://";
  if (!url.starts_with(scheme)) return fail("{}: only http:// is probed; use a command for more", url);
  const auto slash = url.find('/', scheme.size());
  auto authority = url.substr(scheme.size(), slash == std::string::npos ? slash : slash - scheme.size());
  const auto path = slash == std::string::npos ? "/" : url.substr(slash);
  const auto host_name = authority;
  if (authority.find(':') == std::string::npos || authority.ends_with(']')) authority += ":80";
  const auto fd = TRY(connect_to(authority, deadline));
  const auto request = fmt::format(
      "GET {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: suture-agent\r\nConnection: close\r\n\r\n", path, host_name);
  if (::send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
    return fail("{}: the request was not taken", url);
  std::string answer;
  constexpr std::size_t status_line = 12;  // "HTTP/1.1 200"
  while (answer.size() < status_line) {
    TRY(await(fd.get(), POLLIN, deadline), "reading from {}", url);
    std::array<char, 256> buffer{};
    const auto count = ::recv(fd.get(), buffer.data(), buffer.size(), 0);
    if (count <= 0) return fail("{}: the connection ended before an answer", url);
    answer.append(buffer.data(), static_cast<std::size_t>(count));
  }
  if (!answer.starts_with("HTTP/1.") || (answer[9] != '2' && answer[9] != '3'))
    return fail("{}: answered '{}'", url, answer.substr(0, answer.find('\r')).substr(0, 80));
  return {};
}

}  // namespace

Status run_probe(const Probe& probe) {
  const auto deadline = std::chrono::steady_clock::now() + probe.patience;
  if (probe.kind == "http") return probe_http(probe.target, deadline);
  if (probe.kind == "tcp") {
    TRY(connect_to(probe.target, deadline));
    return {};
  }
  if (probe.kind == "command") {
    const auto finished = TRY(run({.argv = probe.argv, .timeout = probe.patience}));
    if (finished.timed_out) return fail("{}: did not end in time", probe.argv[0]);
    if (finished.exit_code != 0) return fail("{}: ended with exit code {}", probe.argv[0], finished.exit_code);
    return {};
  }
  if (probe.kind == "unit") {
    const auto state = TRY(host::service_state(probe.target, probe.patience));
    if (state.active != "active") return fail("{}: is {}", probe.target, state.active);
    return {};
  }
  return fail("there is no probe of kind '{}'", probe.kind);
}

}  // namespace suture::agent
