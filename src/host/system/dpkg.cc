#include "host/system/dpkg.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/process.h"

namespace suture::host {
namespace {

/// The end of what it said, in one line.
std::string in_short(const Finished& finished) {
  constexpr std::size_t most = 500;
  auto text = finished.errors.empty() ? finished.output : finished.errors;
  while (!text.empty() && text.back() == '\n') text.pop_back();
  if (text.size() > most) text.erase(0, text.size() - most);
  std::ranges::replace(text, '\n', ' ');
  return text;
}

}  // namespace

Result<std::optional<DpkgLock>> DpkgLock::take(const fs::path& file) {
  Fd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640));
  if (!fd) return fail("{}: cannot open the lock: {}", file.string(), std::strerror(errno));
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  if (::fcntl(fd.get(), F_SETLK, &whole) == 0) return DpkgLock(std::move(fd));
  if (errno == EAGAIN || errno == EACCES) return std::nullopt;
  return fail("{}: cannot lock: {}", file.string(), std::strerror(errno));
}

Status install_packages(const DpkgLock&, const std::vector<fs::path>& files, Milliseconds patience) {
  Command command;
  command.argv = {"dpkg", "--force-confold", "--force-confdef", "--install"};
  for (const auto& each : files) command.argv.push_back(each.string());
  command.environment = {{"DPKG_FRONTEND_LOCKED", "1"}, {"DEBIAN_FRONTEND", "noninteractive"}, {"LC_ALL", "C.UTF-8"}};
  command.timeout = patience;
  const auto finished = TRY(run(command));
  if (finished.timed_out) return fail("dpkg did not end in time: {}", in_short(finished));
  if (finished.exit_code != 0) return fail("dpkg ended with {}: {}", finished.exit_code, in_short(finished));
  return {};
}

}  // namespace suture::host
