#include "agent/probes/probe.h"

#include <sys/socket.h>

#include <array>

#include "agent/probes/connect.h"
#include "base/process.h"
#include "host/system/service.h"

namespace suture::agent {
namespace {

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
    TRY(await_input(fd, deadline), "reading from {}", url);
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
