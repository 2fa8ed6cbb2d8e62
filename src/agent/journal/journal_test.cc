#include "agent/journal/journal.h"

#include <gtest/gtest.h>

#include "agent/testing/memory_file.h"
#include "base/digest.h"

namespace suture::agent {
namespace {

using testing::Disk;
using testing::MemoryFile;

Result<Journal> open(Disk& disk) { return Journal::open(std::make_unique<MemoryFile>(disk), "journal"); }

std::vector<Entry> some_entries() {
  return {{.kind = EntryKind::intent, .time = 1, .boot = "b", .plan = "p", .value = "readings", .text = "{}"},
          {.kind = EntryKind::step_begun, .time = 2, .boot = "b", .plan = "p", .step = 0, .value = "0"},
          {.kind = EntryKind::step_done, .time = 3, .boot = "b", .plan = "p", .step = 0, .value = "1"}};
}

TEST(Journal, GivesBackWhatWasWritten) {
  Disk disk;
  auto journal = *open(disk);
  for (const auto& each : some_entries()) ASSERT_TRUE(journal.append(each));
  EXPECT_EQ(open(disk)->entries(), some_entries());
  EXPECT_EQ(disk.bytes, encode_journal(some_entries()));
}

TEST(Journal, TornAtAnyByteLosesTheLastEntryAlone) {
  const auto whole = encode_journal(some_entries());
  const auto without_last = encode_journal({some_entries()[0], some_entries()[1]});
  for (auto size = without_last.size(); size < whole.size(); ++size) {
    Disk disk{.bytes = Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))};
    const auto journal = open(disk);
    ASSERT_TRUE(journal) << size;
    EXPECT_EQ(journal->entries().size(), 2U);
    EXPECT_EQ(disk.bytes, without_last);
  }
}

TEST(Journal, TornIntoZeroesLosesTheLastEntryAlone) {
  auto bytes = encode_journal(some_entries());
  const auto without_last = encode_journal({some_entries()[0], some_entries()[1]}).size();
  std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(without_last), bytes.end(), std::uint8_t{0});
  Disk disk{.bytes = bytes};
  EXPECT_EQ(open(disk)->entries().size(), 2U);
}

TEST(Journal, DamageInsideIsNoTornEnd) {
  const auto whole = encode_journal(some_entries());
  const auto last = encode_journal({some_entries()[0], some_entries()[1]}).size();
  for (std::size_t at = 0; at < last; ++at) {
    Disk disk{.bytes = whole};
    disk.bytes[at] ^= 0x10;
    const auto journal = open(disk);
    ASSERT_FALSE(journal) << at;
    EXPECT_NE(journal.error().describe().find("damaged"), std::string::npos);
    EXPECT_EQ(disk.bytes.size(), whole.size()) << "nothing is cut";
  }
}

TEST(Journal, MissingEntryIsDamage) {
  auto first = encode_journal({some_entries()[0]});
  const auto two = encode_journal({some_entries()[0], some_entries()[1]});
  const auto whole = encode_journal(some_entries());
  Disk disk{.bytes = first};
  disk.bytes.insert(disk.bytes.end(), whole.begin() + static_cast<std::ptrdiff_t>(two.size()), whole.end());
  const auto journal = open(disk);
  ASSERT_FALSE(journal);
  EXPECT_NE(journal.error().describe().find("entry 2 where 1 was expected"), std::string::npos);
}

TEST(Journal, NewerLayoutIsNotReadAndNotCut) {
  auto bytes = encode(Frame{.kind = 1, .sequence = 0, .payload = "x"});
  bytes.resize(bytes.size() - 8);
  bytes[2] = 2;
  const auto sum = *from_hex(sha256_hex(bytes).substr(0, 16));
  bytes.insert(bytes.end(), sum.begin(), sum.end());
  Disk disk{.bytes = bytes};
  const auto journal = open(disk);
  ASSERT_FALSE(journal);
  EXPECT_NE(journal.error().describe().find("newer agent, in layout 2"), std::string::npos);
  EXPECT_EQ(disk.bytes, bytes);
}

TEST(Journal, UnknownKindIsNotPassedOver) {
  Disk disk{.bytes = encode(Frame{.kind = 200, .sequence = 0, .payload = "{}"})};
  const auto journal = open(disk);
  ASSERT_FALSE(journal);
  EXPECT_NE(journal.error().describe().find("kind 200"), std::string::npos);
}

TEST(Journal, FullDiskLeavesWholeEntries) {
  const auto size = encode_journal({some_entries()[1]}).size();
  for (std::size_t room = 0; room < size; ++room) {
    Disk disk;
    auto journal = *open(disk);
    ASSERT_TRUE(journal.append(some_entries()[0]));
    const auto before = disk.bytes;
    disk.room = room;
    ASSERT_FALSE(journal.append(some_entries()[1]));
    EXPECT_EQ(disk.bytes, before);
    disk.room.reset();
    ASSERT_TRUE(journal.append(some_entries()[1]));
    EXPECT_EQ(open(disk)->entries().size(), 2U);
  }
}

}  // namespace
}  // namespace suture::agent
