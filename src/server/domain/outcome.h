// What the domain answers: a value, or a refusal of a kind that http turns into a status.
#pragma once

#include <chrono>
#include <string>
#include <utility>

#include "base/result.h"

namespace suture::server {

enum class Kind {
  bad_input,
  unauthorized,
  forbidden,
  not_found,
  conflict,
  changed,
  unprocessable,
  too_many,
  not_yet,  ///< to be asked again once something changed
  failed
};

struct Refusal {
  Kind kind = Kind::failed;
  std::string code;                     ///< stable: "forked", "token-spent"
  std::string message;                  ///< one sentence
  std::chrono::seconds retry_after{0};  ///< of too_many

  Refusal(Kind kind_, std::string code_, std::string message_)
      : kind(kind_), code(std::move(code_)), message(std::move(message_)) {}
  /// An error of the system is nobody's fault outside.
  Refusal(const Error& error)  // NOLINT(google-explicit-constructor)
      : code("failed"), message(error.describe()) {}
};

template <typename T>
class [[nodiscard]] Outcome : public tl::expected<T, Refusal> {
 public:
  using tl::expected<T, Refusal>::expected;
};
using Done = Outcome<void>;

template <typename... Args>
tl::unexpected<Refusal> refuse(Kind kind, std::string code, fmt::format_string<Args...> format, Args&&... args) {
  return tl::unexpected<Refusal>(Refusal(kind, std::move(code), fmt::format(format, std::forward<Args>(args)...)));
}

/// Asked too often: again after so long.
template <typename... Args>
tl::unexpected<Refusal> refuse_for(std::chrono::seconds wait, std::string code, fmt::format_string<Args...> format,
                                   Args&&... args) {
  Refusal refusal(Kind::too_many, std::move(code), fmt::format(format, std::forward<Args>(args)...));
  refusal.retry_after = wait;
  return tl::unexpected<Refusal>(std::move(refusal));
}

/// Of the system: what went wrong is nobody's fault outside.
inline Done as_done(const Status& status) {
  if (!status) return tl::unexpected<Refusal>(Refusal(status.error()));
  return {};
}

/// Input that could not be read.
template <typename T>
Outcome<T> as_input(Result<T> result) {
  if (!result) return refuse(Kind::bad_input, "bad-input", "{}", result.error().describe());
  if constexpr (std::is_void_v<T>)
    return {};
  else
    return std::move(*result);
}

}  // namespace suture::server

// For TRY.
namespace suture {
inline tl::unexpected<server::Refusal> fail(server::Refusal refusal) {
  return tl::unexpected<server::Refusal>(std::move(refusal));
}
namespace detail {
template <typename T>
T take(server::Outcome<T>& outcome) {
  return std::move(*outcome);
}
inline void take(server::Outcome<void>&) {}
}  // namespace detail
}  // namespace suture
