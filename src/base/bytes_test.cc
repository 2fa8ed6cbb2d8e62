#include "base/bytes.h"

#include <gtest/gtest.h>

namespace suture {
namespace {

TEST(Reader, RefusesAReadThatWouldWrapAround) {
  const Bytes bytes(8);
  const Reader reader(bytes, "input");
  EXPECT_FALSE(reader.slice(UINT64_MAX, 2));
  EXPECT_FALSE(reader.slice(4, UINT64_MAX));
  EXPECT_TRUE(reader.slice(8, 0));
}

TEST(Reader, NamesTheSourceAndTheOffset) {
  const Bytes bytes(3);
  const auto value = Reader(bytes, "a.o").at<std::uint32_t>(1);
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().describe(), "a.o: needs 4 bytes at offset 0x1, but ends at 0x3 (truncated or corrupt)");
}

TEST(Reader, RefusesAStringWithoutEnd) {
  EXPECT_FALSE(Reader(as_bytes("abc"), "strtab").string(1));
  EXPECT_EQ(*Reader(as_bytes(std::string_view("ab\0c", 4)), "strtab").string(1), "b");
}

TEST(Hex, RoundTripsAndNamesABadDigit) {
  EXPECT_EQ(to_hex(*from_hex("00ff7A")), "00ff7a");
  EXPECT_FALSE(from_hex("0"));
  EXPECT_FALSE(from_hex("zz"));
}

}  // namespace
}  // namespace suture
