#include "agent/probes/connect.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

namespace suture::agent {
namespace {

using namespace std::chrono_literals;

// On a port of its own of 127.0.0.1.
struct Listener {
  Fd fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  Address address{};

  explicit Listener(int backlog) {
    auto& in = reinterpret_cast<sockaddr_in&>(address.storage);
    in.sin_family = AF_INET;
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.size = sizeof in;
    auto* any = reinterpret_cast<sockaddr*>(&address.storage);
    EXPECT_EQ(::bind(fd.get(), any, address.size), 0);
    EXPECT_EQ(::listen(fd.get(), backlog), 0);
    EXPECT_EQ(::getsockname(fd.get(), any, &address.size), 0);
  }
  std::string target() const {
    return "127.0.0.1:" + std::to_string(ntohs(reinterpret_cast<const sockaddr_in&>(address.storage).sin_port));
  }
};

// One whose queue is full answers nobody.
struct SilentListener : Listener {
  std::vector<Fd> waiting{};

  SilentListener() : Listener(0) {
    for (int i = 0; i < 3; ++i) {
      auto& each = waiting.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
      (void)::connect(each.get(), reinterpret_cast<const sockaddr*>(&address.storage), address.size);
    }
  }
};

Deadline soon() { return std::chrono::steady_clock::now() + 200ms; }
Deadline late() { return std::chrono::steady_clock::now() + 60s; }

TEST(Connect, AddressThatIsSilentHidesNoneThatAnswers) {
  const SilentListener silent;
  const Listener answers(1);
  EXPECT_TRUE(connect_to_any({silent.address, answers.address}, late()));
}

TEST(Connect, WhereNobodyAnswersItEndsInTime) {
  const SilentListener silent;
  const auto connected = connect_to(silent.target(), soon());
  ASSERT_FALSE(connected);
  EXPECT_NE(connected.error().describe().find("no answer in time"), std::string::npos) << connected.error().describe();
}

TEST(Connect, WhoIsRefusedIsToldSo) {
  auto gone = std::make_unique<Listener>(1);
  const auto target = gone->target();
  gone.reset();
  const auto connected = connect_to(target, late());
  ASSERT_FALSE(connected);
  EXPECT_NE(connected.error().describe().find("Connection refused"), std::string::npos);
}

TEST(Connect, NamesAreFound) {
  const Listener answers(1);
  const auto target = answers.target();
  EXPECT_TRUE(connect_to("localhost" + target.substr(target.find(':')), late()));
}

}  // namespace
}  // namespace suture::agent
