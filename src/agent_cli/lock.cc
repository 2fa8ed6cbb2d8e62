#include "agent_cli/lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace suture::agent_cli {

Result<Lock> Lock::take(const fs::path& path) {
  Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd) return fail("{}: cannot open the lock: {}", path.string(), std::strerror(errno));
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return fail("{}: cannot lock: {}", path.string(), std::strerror(errno));
    auto pid = read_text(path).value_or("");
    while (!pid.empty() && pid.back() == '\n') pid.pop_back();
    return fail(Error(fmt::format("another agent is at work: process {}", pid.empty() ? "unknown" : pid))
                    .advise("wait for its end; suture-agent log tells what it does"));
  }
  const auto pid = fmt::format("{}\n", ::getpid());
  if (::ftruncate(fd.get(), 0) != 0 ||
      ::pwrite(fd.get(), pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size()))
    return fail("{}: cannot write: {}", path.string(), std::strerror(errno));
  return Lock(std::move(fd));
}

}  // namespace suture::agent_cli
