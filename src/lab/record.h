// What a guest reports on its second serial port (guest.sh says how), read back.
//
// The guest may die in the middle of a byte, and a broken kernel may write anything, so reading
// stops at the first byte that is not as it should be, and keeps everything before.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace suture::lab {

struct Record {
  std::string kind = {};  ///< lower-case letters
  std::size_t patch = 0;  ///< number of the live patch that the guest was at
  std::string payload = {};
  bool operator==(const Record&) const = default;
};

struct Records {
  std::vector<Record> records = {};
  std::string damage = {};  ///< where and why reading stopped early; empty if it did not
};

Records read_records(ByteView bytes);

struct Step {
  std::string name = {};
  int status = 0;    ///< 0 if it went as it should
  double begin = 0;  ///< seconds since the guest booted
  double end = 0;
  std::string said = {};  ///< both outputs of what was run
};

struct ObjectSeen {
  std::string name = {};
  bool patched = false;  ///< livepatch has redirected its functions
  bool loaded = false;   ///< it is vmlinux, or a module that is there
};

/// One live patch's time in a guest.
struct PatchRun {
  std::size_t patch = 0;
  bool ended = false;  ///< else the guest died, or was ended, during it
  bool clean = false;  ///< the guest can go on with other live patches
  std::vector<Step> steps = {};
  std::string in_flight = {};            ///< the step that began and did not end
  std::vector<ObjectSeen> objects = {};  ///< of the last time they were looked at
  std::string blocking = {};             ///< tasks that kept a transition from ending, with their stacks
  std::string log = {};                  ///< kernel log, as dmesg -r
  std::uint64_t taint_before = 0;
  std::uint64_t taint_after = 0;
};

/// One boot, as far as it came.
struct GuestStory {
  bool booted = false;    ///< the guest's program began
  bool finished = false;  ///< and ended by itself
  std::string boot_log = {};
  std::vector<PatchRun> runs = {};
  std::string damage = {};
};

GuestStory tell(const Records& records);

}  // namespace suture::lab
