// What a host says, or why it does not: no permission, another kernel, a file that is not what it should
// be. A reader that does not know says so, and never guesses.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "base/result.h"

namespace suture::host {

template <typename T>
class Known {
 public:
  using value_type = T;

  Known() : why_("was not looked at") {}
  Known(T value) : value_(std::move(value)) {}  // NOLINT: a value is known
  Known(Result<T> result) {                     // NOLINT
    if (result) {
      value_ = std::move(*result);
    } else {
      why_ = result.error().describe();
    }
  }
  Known(tl::unexpected<Error> error) : why_(std::move(error).value().describe()) {}  // NOLINT: fail("…") is unknown

  explicit operator bool() const { return value_.has_value(); }
  const T& operator*() const { return *value_; }
  const T* operator->() const { return &*value_; }
  T value_or(T other) const { return value_.value_or(std::move(other)); }
  /// Why there is no value; empty if there is one.
  const std::string& why() const { return why_; }
  /// Whether it is known to be this.
  bool is(const T& value) const { return value_ == value; }

 private:
  std::optional<T> value_;
  std::string why_;
};

}  // namespace suture::host
