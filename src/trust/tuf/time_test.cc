#include "trust/tuf/time.h"

#include <gtest/gtest.h>

namespace suture::trust::tuf {
namespace {

TEST(MetadataTime, IsWrittenAsItWasRead) {
  for (const auto* text : {"1970-01-01T00:00:00Z", "2024-02-29T23:59:59Z", "9999-12-31T00:00:00Z"}) {
    EXPECT_EQ(format_time(parse_time(text).value()), text);
  }
}

TEST(MetadataTime, HasOneFormOnly) {
  for (const auto* text : {"", "2026-02-28", "2026-02-28T23:59:59", "2026-02-28T23:59:59+00:00", "2026-02-28 23:59:59Z",
                           "2026-02-28T23:59:59.5Z", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
                           "2026-01-01T24:00:00Z", "2026-01-01T00:00:60Z", "-026-01-01T00:00:00Z"}) {
    EXPECT_FALSE(parse_time(text)) << text;
  }
}

}  // namespace
}  // namespace suture::trust::tuf
