// Another program of ours at the other end of two pipes, as another user where that is wanted: what speaks to the
// network does so with no right but that. Nothing that it says is believed before it was verified.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fd.h"
#include "base/result.h"

namespace suture::repository {

struct User {
  uid_t uid = 0;
  gid_t gid = 0;
};
/// Nothing if the name is empty: ourselves.
Result<std::optional<User>> user_of(const std::string& name);

class Helper {
 public:
  /// `user` is who runs it, which needs root; ourselves if empty. argv[0] is looked up in PATH if it has no '/'. It is
  /// ended with this object, or with us.
  static Result<Helper> start(const std::vector<std::string>& argv, const std::string& user);
  Helper(Helper&& other) noexcept;
  Helper& operator=(Helper&& other) noexcept;
  Helper(const Helper&) = delete;
  ~Helper();

  /// How long it may take for what is asked next, and what is done every few seconds meanwhile.
  struct Patience {
    std::chrono::milliseconds timeout{30'000};
    std::function<void()> meanwhile = [] {};
  };

  Status send(std::string_view bytes, const Patience& patience);
  /// Without its end. At most 4096 characters.
  Result<std::string> line(const Patience& patience);
  Result<std::string> bytes(std::size_t count, const Patience& patience);

  /// Readable once it says something, or ended.
  int fd() const { return from_.get(); }

 private:
  Helper(std::string name, pid_t pid, Fd to, Fd from)
      : name_(std::move(name)), pid_(pid), to_(std::move(to)), from_(std::move(from)) {}
  Status wait_for(int fd, short events, std::chrono::steady_clock::time_point deadline, const Patience& patience) const;
  void end() noexcept;

  std::string name_;  ///< for messages
  pid_t pid_;
  Fd to_, from_;
};

}  // namespace suture::repository
