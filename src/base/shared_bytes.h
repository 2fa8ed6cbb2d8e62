// Bytes together with whoever holds them: a buffer, or a file that is mapped.
#pragma once

#include <memory>
#include <utility>

#include "base/bytes.h"
#include "base/file.h"
#include "base/result.h"

namespace suture {

/// Copies share what is held, and never change it; moving copies.
class SharedBytes {
 public:
  SharedBytes(Bytes bytes)  // NOLINT(google-explicit-constructor): whoever has bytes can give them
      : SharedBytes(std::make_shared<const Bytes>(std::move(bytes))) {}

  /// A whole regular file, mapped: a tenth of the time that reading a kernel takes. For files that are replaced, never
  /// written into or cut short in place, as write_file() makes them: whoever reads beyond a new end, or what the disk
  /// cannot give, is killed.
  static Result<SharedBytes> map(const fs::path& path);

  SharedBytes(const SharedBytes&) = default;
  SharedBytes& operator=(const SharedBytes&) = default;

  ByteView view() const { return view_; }
  /// Its first bytes, with the same holder. The caller has checked that there are so many.
  SharedBytes first(std::size_t length) const { return {holder_, view_.first(length)}; }

 private:
  explicit SharedBytes(const std::shared_ptr<const Bytes>& bytes) : SharedBytes(bytes, *bytes) {}
  SharedBytes(std::shared_ptr<const void> holder, ByteView view) : holder_(std::move(holder)), view_(view) {}

  std::shared_ptr<const void> holder_;
  ByteView view_;
};

}  // namespace suture
