#include "trust/decision/checkpoint.h"

#include <gtest/gtest.h>

#include "trust/decision/audit_chain.h"
#include "trust/testing/any_key.h"

namespace suture::trust {
namespace {

using testing::any_key;

AuditCheckpoint some_checkpoint() {
  return {.sequence = 12, .digest = std::string(64, 'a'), .at = tuf::parse_time("2027-01-31T12:00:00Z").value()};
}

TEST(Checkpoint, IsReadAsItWasSigned) {
  const AuditCheckpoint empty{.at = some_checkpoint().at};
  for (const auto& each : {some_checkpoint(), empty})
    EXPECT_EQ(open_checkpoint(sign_checkpoint(each, any_key()).value(), any_key().public_key(), "it").value(), each);
}

TEST(Checkpoint, OfAnotherKeyOrChangedIsRefused) {
  const auto other = ed25519::PrivateKey::generate().value();
  EXPECT_FALSE(open_checkpoint(sign_checkpoint(some_checkpoint(), other).value(), any_key().public_key(), "it"));
  auto text = sign_checkpoint(some_checkpoint(), any_key()).value();
  text.replace(text.find("12,"), 3, "11,");
  EXPECT_TRUE(
      open_checkpoint(text, any_key().public_key(), "it").error().message().starts_with("it: is not signed by"));
}

TEST(Checkpoint, ThatMeansNothingIsRefused) {
  auto wrong = some_checkpoint();
  wrong.digest = "a";
  EXPECT_FALSE(open_checkpoint(sign_checkpoint(wrong, any_key()).value(), any_key().public_key(), "it"));
  wrong = some_checkpoint();
  wrong.sequence = 0;
  EXPECT_FALSE(open_checkpoint(sign_checkpoint(wrong, any_key()).value(), any_key().public_key(), "it"));
}

TEST(Checkpoint, IsReadFromWhatWasKeptInEveryForm) {
  const auto one = sign_checkpoint(some_checkpoint(), any_key()).value();
  EXPECT_EQ(read_kept_checkpoints(one, "it").value(), std::vector{some_checkpoint()});
  EXPECT_EQ(read_kept_checkpoints("[" + one + "," + one + "]", "it")->size(), 2U);
  auto line = one;
  std::erase(line, '\n');
  EXPECT_EQ(read_kept_checkpoints(line + "\n" + line + "\n", "it")->size(), 2U);
  EXPECT_FALSE(read_kept_checkpoints("{}", "it"));
  EXPECT_FALSE(read_kept_checkpoints(line + "\n{}\n", "it"));
}

class Exported : public ::testing::Test {
 protected:
  static std::vector<AuditEntry> entries(const std::string& third = "approved") {
    std::vector<AuditEntry> all;
    for (const auto& text : {std::string("enrolled"), std::string("created"), third, std::string("begins")}) {
      AuditEntry entry{.sequence = static_cast<std::int64_t>(all.size()) + 1, .at = {}, .who = "ada", .text = text};
      entry.digest = digest_of(entry, all.empty() ? "" : all.back().digest);
      all.push_back(entry);
    }
    return all;
  }
  static std::string lines_of(const std::vector<AuditEntry>& all) {
    std::string text;
    for (const auto& each : all) text += to_line(each);
    return text;
  }
  static std::string fault(const std::string& text, const AuditCheckpoint& checkpoint) {
    const auto last = verify_audit(text, {checkpoint}, "it");
    return last ? "" : last.error().message();
  }
  const AuditCheckpoint third_{.sequence = 3, .digest = entries()[2].digest, .at = some_checkpoint().at};
};

TEST_F(Exported, AuditThatGrewSinceTheCheckpointIsWell) {
  EXPECT_EQ(fault(lines_of(entries()), third_), "");
  EXPECT_EQ(fault(lines_of(entries()), {.digest = third_.digest}), "");
}

TEST_F(Exported, AuditThatWasRewrittenWithDigestsThatFitIsFoundByTheCheckpoint) {
  const auto rewritten = lines_of(entries("nobody approved"));
  EXPECT_TRUE(verify_audit(rewritten, {}, "it"));
  EXPECT_EQ(fault(rewritten, third_),
            "it: entry 3 has another digest than in the checkpoint of 2027-01-31T12:00:00Z: it or one before it was "
            "changed");
  EXPECT_NE(fault(rewritten, {.digest = third_.digest}), "");
}

TEST_F(Exported, AuditThatWasCutOffIsFoundByTheCheckpoint) {
  auto all = entries();
  all.resize(2);
  EXPECT_TRUE(verify_audit(lines_of(all), {}, "it"));
  EXPECT_EQ(fault(lines_of(all), third_),
            "it: ends with entry 2, and the checkpoint of 2027-01-31T12:00:00Z is of entry 3: it was cut off, or "
            "exported before");
}

}  // namespace
}  // namespace suture::trust
