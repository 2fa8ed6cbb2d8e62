#include "server/domain/people/password.h"

#include <gtest/gtest.h>

namespace suture::server {
namespace {

TEST(Password, OnlyThePasswordItselfIsTaken) {
  const auto hash = hash_password("correct horse").value();
  EXPECT_TRUE(is_password("correct horse", hash).value());
  for (const auto* wrong : {"", "correct hors", "correct horse ", "Correct horse"})
    EXPECT_FALSE(is_password(wrong, hash).value()) << wrong;
}

TEST(Password, TwoPeopleWithOnePasswordHaveDifferentHashes) {
  EXPECT_NE(hash_password("correct horse").value(), hash_password("correct horse").value());
}

TEST(Password, WhoHasNoneCannotLogInWithAnyNotEvenAnEmptyOne) {
  EXPECT_FALSE(is_password("", "").value());
  EXPECT_FALSE(is_password("correct horse", "").value());
}

// RFC 7914, section 12.
TEST(Password, AHashOfOtherParametersIsStillUnderstood) {
  EXPECT_TRUE(is_password("pleaseletmein",
                          "scrypt:16384:8:1:536f6469756d43686c6f72696465:"
                          "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2")
                  .value());
}

TEST(Password, AStoredHashThatIsDamagedIsAnErrorAndNoPassword) {
  for (const auto* damaged : {"scrypt", "bcrypt:1:2:3:00:00", "scrypt:32768:8:1:00:00", "scrypt:0:8:1:00:00",
                              "scrypt:1073741824:8:1:00:"
                              "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"})
    EXPECT_FALSE(is_password("correct horse", damaged)) << damaged;
}

TEST(Password, OneThatIsGuessedSoonIsRefused) {
  EXPECT_FALSE(check_password("hunter2"));
  EXPECT_FALSE(check_password(std::string(2000, 'x')));
  EXPECT_TRUE(check_password("correct horse"));
}

}  // namespace
}  // namespace suture::server
