// Errors are values. A function that can fail on its input, on the system or on another program
// returns Result<T>; nothing in src/ throws for such a reason, exits, or asserts on input.
#pragma once

#include <fmt/format.h>

#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace suture {

/// Why something failed, told from the inside out.
///
/// `message` names the file, the place in it and the reason. Callers add what they were doing with
/// context(), outermost last. `advice` says what the reader can do, where we know it.
class [[nodiscard]] Error {
 public:
  explicit Error(std::string message) : message_(std::move(message)) {}

  Error&& context(std::string doing) && {
    contexts_.push_back(std::move(doing));
    return std::move(*this);
  }
  Error&& advise(std::string advice) && {
    advice_ = std::move(advice);
    return std::move(*this);
  }

  const std::string& message() const { return message_; }
  const std::string& advice() const { return advice_; }

  /// One line: "outer: inner: message".
  std::string describe() const;

 private:
  std::string message_;
  std::string advice_;
  std::vector<std::string> contexts_;
};

template <typename T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
};

using Status = Result<void>;

template <typename... Args>
tl::unexpected<Error> fail(fmt::format_string<Args...> format, Args&&... args) {
  return tl::unexpected<Error>(Error(fmt::format(format, std::forward<Args>(args)...)));
}

inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

/// fail(error, "while doing {}", x): passes an error on with what the caller was doing.
template <typename... Args>
tl::unexpected<Error> fail(Error error, fmt::format_string<Args...> format, Args&&... args) {
  return tl::unexpected<Error>(std::move(error).context(fmt::format(format, std::forward<Args>(args)...)));
}

namespace detail {
template <typename T>
T take(Result<T>& result) {
  return std::move(*result);
}
inline void take(Result<void>&) {}
}  // namespace detail

}  // namespace suture

/// auto x = TRY(f()); leaves the calling function with f's error, if it failed.
/// TRY(f(), "reading {}", path) adds what the caller was doing.
/// Not inside a braced initialiser or another call's arguments, behind members or arguments that own
/// something: leaving from there would leak them, since compilers do not destroy what is half built.
#define TRY(expression, ...)                                                                            \
  __extension__({                                                                                       \
    auto try_result_ = (expression);                                                                    \
    if (!try_result_) return ::suture::fail(std::move(try_result_).error() __VA_OPT__(, ) __VA_ARGS__); \
    ::suture::detail::take(try_result_);                                                                \
  })
