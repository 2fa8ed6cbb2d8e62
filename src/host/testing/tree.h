// Hosts in a text file, for tests: the parts of /proc and /sys that a real host had when it was recorded
// (tests/host/record), or what a test makes up.
//
//   == /proc/uptime
//   6.04 3.91
//   == hex /sys/kernel/notes
//   04000000…
//   == link /sys/block/vda ../devices/…/vda
//   == directory /sys/kernel/livepatch
#pragma once

#include <string_view>

#include "host/root.h"

namespace suture::host::testing {

/// Files on disk that go away with the object.
class Tree {
 public:
  /// A recorded one: src/host/testing/trees/NAME.txt. A tree that cannot be made fails the test.
  static Tree recorded(std::string_view name);
  static Tree of(std::string_view text);

  Root root() const { return Root(directory_.path()); }
  /// Makes or replaces a file.
  Tree& set(std::string_view absolute, std::string_view content);
  Tree& remove(std::string_view absolute);

 private:
  explicit Tree(TempDir directory) : directory_(std::move(directory)) {}
  TempDir directory_;
};

}  // namespace suture::host::testing
