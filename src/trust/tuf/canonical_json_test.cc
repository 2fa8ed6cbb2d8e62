#include "trust/tuf/canonical_json.h"

#include <gtest/gtest.h>

#include "base/strict_json.h"

namespace suture::trust::tuf {
namespace {

std::string canonical(std::string_view text) { return canonical_json(json::parse_strict(text, "test").value()); }

TEST(CanonicalJson, MembersAreSortedAtAnyDepthAndNothingIsSpaced) {
  EXPECT_EQ(canonical(R"( { "b" : [ 1 , {"d":null,"c":true} ] , "a" : -7 } )"),
            R"({"a":-7,"b":[1,{"c":true,"d":null}]})");
  EXPECT_EQ(canonical(R"({"a":{},"B":[]})"), R"({"B":[],"a":{}})");
}

TEST(CanonicalJson, OnlyQuotesAndBackslashesAreEscaped) {
  EXPECT_EQ(canonical(R"("a\"b\\c\/d\n\u00e9")"), "\"a\\\"b\\\\c/d\n\xc3\xa9\"");
}

TEST(CanonicalJson, MembersAreSortedByCodePoint) {
  // U+FF61 comes before U+1F600, although UTF-16 would order them the other way round.
  EXPECT_EQ(canonical("{\"\xf0\x9f\x98\x80\":1,\"\xef\xbd\xa1\":2}"), "{\"\xef\xbd\xa1\":2,\"\xf0\x9f\x98\x80\":1}");
}

}  // namespace
}  // namespace suture::trust::tuf
