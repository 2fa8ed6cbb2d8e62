// A fake disk for one append-only file, which can fail or lose power in the middle of a write.
#pragma once

#include <memory>
#include <optional>

#include "base/append_file.h"

namespace suture::agent::testing {

struct Disk {
  Bytes bytes{};
  std::optional<std::size_t> room{};  ///< bytes that still fit
};

class MemoryFile : public AppendFile {
 public:
  explicit MemoryFile(Disk& disk) : disk_(disk) {}

  Result<Bytes> read() override { return disk_.bytes; }
  Status append(ByteView bytes) override {
    const auto fits = disk_.room ? std::min(*disk_.room, bytes.size()) : bytes.size();
    disk_.bytes.insert(disk_.bytes.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(fits));
    if (disk_.room) *disk_.room -= fits;
    if (fits < bytes.size()) return fail("the disk is full");
    return {};
  }
  Status cut(std::uint64_t size) override {
    if (disk_.room) *disk_.room += disk_.bytes.size() - size;
    disk_.bytes.resize(size);
    return {};
  }

 private:
  Disk& disk_;
};

}  // namespace suture::agent::testing
