#include "base/json.h"

#include <gtest/gtest.h>

namespace suture {
namespace {

TEST(Json, IsUtf8WhateverBytesAreQuoted) {
  EXPECT_EQ(json::pretty({{"subject", "caf\xe9, \xc3\xa9, \xed\xa0\x80, \xf0\x9f\x98\x80, \xf0\x9f"}}),
            "{\n  \"subject\": \"caf\xef\xbf\xbd, \xc3\xa9, \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd, "
            "\xf0\x9f\x98\x80, \xef\xbf\xbd\xef\xbf\xbd\"\n}\n");
}

}  // namespace
}  // namespace suture
