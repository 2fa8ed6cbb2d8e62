#include "host/module/load.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/fd.h"
#include "base/file.h"
#include "host/module/name.h"

namespace suture::host {
namespace {

// What the system's words leave open. The kernel log has the details of most.
std::string meaning(int code) {
  switch (code) {
    case EPERM:
      return "not permitted: no CAP_SYS_MODULE, kernel lockdown, or kernel.modules_disabled";
    case EEXIST:
      return "a module of this name is loaded already";
    case EBUSY:
      return "busy: a module of this name is loading, or a live patch transition is running";
    case ENOEXEC:
      return "made for another kernel, or no module at all";
    case ENOKEY:
      return "not signed by a key that this kernel trusts";
    case EKEYREJECTED:
      return "its signature was made with a key that this kernel does not trust, or it is required and missing";
    case EBADMSG:
      return "its signature is damaged";
    case ENOENT:
      return "needs a symbol that the kernel and the loaded modules do not have";
    case EINVAL:
      return "refused as invalid: by the loader, by livepatch, or by the module's own checks";
    case ENODEV:
      return "refused by its own init function, for want of what it serves";
    default:
      return std::strerror(code);
  }
}

tl::unexpected<Error> load_error(std::string_view name, int code) {
  return fail(Error(fmt::format("{}: the kernel did not load it: {} (errno {})", name, meaning(code), code))
                  .advise("see the end of the kernel log"));
}

std::string block_file(std::string_view name) { return fmt::format("/run/modprobe.d/suture-block-{}.conf", name); }

// "blacklist" covers aliases, "install" the name and what depends on it.
std::string block_text(std::string_view name) {
  return fmt::format("# Written by Suture, which removes it again.\nblacklist {0}\ninstall {0} /bin/false\n", name);
}

}  // namespace

Status load_module(int fd, std::string_view name, std::string_view parameters) {
  const std::string text(parameters);
  if (::syscall(SYS_finit_module, fd, text.c_str(), 0) != 0) return load_error(name, errno);
  return {};
}

Status load_module(ByteView module, std::string_view name, std::string_view parameters) {
  Fd writable(::memfd_create("suture-module", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!writable) return fail("{}: cannot make a memory file: {}", name, std::strerror(errno));
  if (!write_all(writable.get(), module)) return fail("{}: cannot copy it into memory: {}", name, std::strerror(errno));
  if (::fcntl(writable.get(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
    return fail("{}: cannot seal a memory file: {}", name, std::strerror(errno));
  // The kernel refuses to load from a file that somebody may write to (ETXTBSY), so it is opened again.
  const Fd readable(::open(fmt::format("/proc/self/fd/{}", writable.get()).c_str(), O_RDONLY | O_CLOEXEC));
  if (!readable) return fail("{}: cannot open a memory file: {}", name, std::strerror(errno));
  writable = Fd();
  return load_module(readable.get(), name, parameters);
}

Result<Unloading> unload_module(std::string_view name) {
  TRY(check_module_name(name));
  const std::string text(name);
  if (::syscall(SYS_delete_module, text.c_str(), O_NONBLOCK) == 0) return Unloading::unloaded;
  const int code = errno;
  if (code == ENOENT) return Unloading::absent;
  if (code == EWOULDBLOCK || code == EBUSY) return Unloading::in_use;
  return fail("{}: the kernel did not unload it: {} (errno {})", name,
              code == EPERM ? meaning(code) : std::strerror(code), code);
}

Status block_module(const Root& root, std::string_view name) {
  TRY(check_module_name(name));
  TRY(make_directories(root.path("/run/modprobe.d")));
  return write_text(root.path(block_file(name)), block_text(name));
}

Status unblock_module(const Root& root, std::string_view name) {
  const bool blocked = TRY(is_blocked(root, name));
  if (!blocked) return {};
  const auto file = block_file(name);
  if (::unlink(root.path(file).c_str()) != 0 && errno != ENOENT)
    return fail("{}: cannot remove: {}", file, std::strerror(errno));
  return {};
}

Result<bool> is_blocked(const Root& root, std::string_view name) {
  TRY(check_module_name(name));
  const auto file = block_file(name);
  if (!root.has(file)) return false;
  const auto text = TRY(root.text(file, 4096));
  if (text != block_text(name))
    return fail(Error(fmt::format("{}: somebody changed it since Suture wrote it", file))
                    .advise("remove it by hand, if it is not needed"));
  return true;
}

}  // namespace suture::host
