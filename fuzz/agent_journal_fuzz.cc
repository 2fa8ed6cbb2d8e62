// Opens damaged journals. What can be opened is written as it was read, and makes sense or is refused.
#include "agent/history/history.h"
#include "agent/journal/journal.h"
#include "agent/testing/memory_file.h"
#include "fuzz/fuzz.h"

namespace {

using namespace suture;
using namespace suture::agent;

std::vector<Entry> entries() {
  const Plan plan{.id = "1", .subject = "level 1", .steps = {{"sysctl", {{"name", "kernel.a"}, {"value", "1"}}}}};
  return {{.kind = EntryKind::intent, .plan = "1", .text = to_text(plan)},
          {.kind = EntryKind::step_begun, .plan = "1", .step = 0, .value = "0"},
          {.kind = EntryKind::step_done, .plan = "1", .step = 0, .value = "1"},
          {.kind = EntryKind::soaking, .plan = "1"},
          {.kind = EntryKind::committed, .plan = "1"},
          {.kind = EntryKind::boot_begun, .boot = "b", .value = "level 1"},
          {.kind = EntryKind::boot_ended, .boot = "b"},
          {.kind = EntryKind::undoing, .plan = "1"},
          {.kind = EntryKind::step_undone, .plan = "1", .step = 0},
          {.kind = EntryKind::held, .value = "level 1"},
          {.kind = EntryKind::undone, .plan = "1"}};
}

// Whole entries in an order that the input chooses.
std::vector<Entry> shuffled(ByteView input) {
  static const auto some = entries();
  std::vector<Entry> result;
  for (; !input.empty(); input = input.subspan(1)) {
    auto entry = some[(input.front() & 15) % some.size()];
    entry.step += input.front() >> 6;
    result.push_back(std::move(entry));
  }
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto whole = encode_journal(entries());
  ByteView input(data, size);
  if (fuzz::take_byte(input) % 2 == 0) {
    static_cast<void>(replay(shuffled(input)));
    return 0;
  }
  agent::testing::Disk disk{.bytes = fuzz::damage(whole, input)};
  const auto journal = Journal::open(std::make_unique<agent::testing::MemoryFile>(disk), "input");
  if (!journal) return 0;
  fuzz::require(encode_journal(journal->entries()).size() == disk.bytes.size() || input.size() >= 4);
  static_cast<void>(replay(journal->entries()));
  return 0;
}
