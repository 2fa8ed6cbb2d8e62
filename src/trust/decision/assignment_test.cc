#include "trust/decision/assignment.h"

#include <gtest/gtest.h>

#include "trust/testing/any_key.h"

namespace suture::trust {
namespace {

using testing::any_key;

Assignment some_assignment() {
  return {.host = "4b7d7a9e-6d0c-4d8f-9d53-2f6c5f0f3a11",
          .sequence = 3,
          .nonce = std::string(32, 'a'),
          .action = Action::apply,
          .target = AssignedLevel{std::string(40, 'b'), 2, std::string(64, 'c')},
          .plan = std::string(64, 'd'),
          .not_after = tuf::parse_time("2027-01-31T12:00:00Z").value()};
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  return text.replace(text.find(what), what.size(), with);
}

TEST(Assignment, IsReadAsItWasSigned) {
  auto revert = some_assignment();
  revert.action = Action::revert;
  revert.target.reset();
  auto reboot = some_assignment();
  reboot.action = Action::reboot_back;
  auto reboot_to_none = revert;
  reboot_to_none.action = Action::reboot_back;
  auto upgrade = revert;
  upgrade.action = Action::agent_upgrade;
  upgrade.agent = AssignedAgent{3, "0.3.0", std::string(64, 'e')};
  auto agent_back = upgrade;
  agent_back.action = Action::agent_back;
  for (const auto& each : {some_assignment(), revert, reboot, reboot_to_none, upgrade, agent_back})
    EXPECT_EQ(open_assignment(sign_assignment(each, any_key()).value(), any_key().public_key(), "it").value(), each);
}

TEST(Assignment, OfAnotherKeyIsRefused) {
  const auto other = ed25519::PrivateKey::generate().value();
  const auto opened = open_assignment(sign_assignment(some_assignment(), other).value(), any_key().public_key(), "it");
  EXPECT_TRUE(opened.error().message().starts_with("it: is not signed by")) << opened.error().message();
}

TEST(Assignment, ThatWasChangedIsRefused) {
  const auto text = sign_assignment(some_assignment(), any_key()).value();
  for (const auto& [what, with] :
       {std::pair{"\"level\": 2", "\"level\": 1"}, {"\"apply\"", "\"go-back\""}, {"4b7d", "5b7d"}, {"2027", "2037"}})
    EXPECT_TRUE(open_assignment(replaced(text, what, with), any_key().public_key(), "it")
                    .error()
                    .message()
                    .starts_with("it: is not signed by"))
        << what;
}

TEST(Assignment, WithAWordThatThisAgentDoesNotKnowIsRefused) {
  auto wrong = some_assignment();
  wrong.nonce = "";
  EXPECT_FALSE(open_assignment(sign_assignment(wrong, any_key()).value(), any_key().public_key(), "it"));
  wrong = some_assignment();
  wrong.target->level = 0;
  EXPECT_FALSE(open_assignment(sign_assignment(wrong, any_key()).value(), any_key().public_key(), "it"));
}

}  // namespace
}  // namespace suture::trust
