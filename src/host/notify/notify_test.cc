#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cstring>

#include "base/fd.h"
#include "base/file.h"
#include "host/notify/datagram.h"
#include "host/notify/journal.h"
#include "host/notify/service_manager.h"

namespace suture::host {
namespace {

using namespace std::chrono_literals;

/// What systemd and journald are to us: a socket that receives datagrams.
class Listener {
 public:
  Listener() : directory_(TempDir::make().value()), fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path().c_str(), sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  std::string path() const { return directory_.path() / "socket"; }
  std::string received() {
    std::array<char, 4096> buffer;
    const auto count = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
    return count < 0 ? "nothing" : std::string(buffer.data(), static_cast<std::size_t>(count));
  }

 private:
  TempDir directory_;
  Fd fd_;
};

TEST(ServiceManager, IsToldStatesAsOneLineEach) {
  Listener systemd;
  const ServiceManager manager(systemd.path(), 30s);
  EXPECT_EQ(manager.watchdog(), 15s);
  ASSERT_TRUE(manager.ready("level 3\nSTOPPING=1"));
  EXPECT_EQ(systemd.received(), "READY=1\nSTATUS=level 3 STOPPING=1");
  ASSERT_TRUE(manager.alive());
  EXPECT_EQ(systemd.received(), "WATCHDOG=1");
  ASSERT_TRUE(manager.reloading(Instant(5ms)));
  EXPECT_EQ(systemd.received(), "RELOADING=1\nMONOTONIC_USEC=5000");
  ASSERT_TRUE(manager.extend(2s));
  EXPECT_EQ(systemd.received(), "EXTEND_TIMEOUT_USEC=2000000");
}

TEST(ServiceManager, WithoutSystemdNothingIsSaid) {
  const ServiceManager manager("", 30s);
  EXPECT_FALSE(manager.listens());
  EXPECT_FALSE(manager.watchdog());
  EXPECT_TRUE(manager.alive());
  EXPECT_FALSE(ServiceManager("/nowhere/socket", {}).alive());
}

TEST(Journal, FieldsOfSeveralLinesCarryTheirSize) {
  const auto encoded = encode_journal_entry({4, "worse", "", {{"SUTURE_STACK", "a\nb"}, {"SUTURE_LEVEL", "3"}}});
  ASSERT_TRUE(encoded);
  EXPECT_EQ(*encoded, "MESSAGE=worse\nPRIORITY=4\nSYSLOG_IDENTIFIER=suture-agent\nSUTURE_STACK\n" +
                          std::string("\3\0\0\0\0\0\0\0", 8) + "a\nb\nSUTURE_LEVEL=3\n");
}

TEST(Journal, OnlyNamesThatJournaldTakesAreSent) {
  for (const auto* name : {"", "_PID", "lower", "1ST", "A B", "A=B"})
    EXPECT_FALSE(encode_journal_entry({6, "x", "", {{name, "y"}}})) << name;
}

TEST(Journal, EntriesArrive) {
  Listener journald;
  ASSERT_TRUE(send_to_journal({.message = "hello", .message_id = std::string(32, 'a')}, journald.path()));
  EXPECT_EQ(journald.received(),
            "MESSAGE=hello\nPRIORITY=6\nSYSLOG_IDENTIFIER=suture-agent\nMESSAGE_ID=" + std::string(32, 'a') + "\n");
  EXPECT_FALSE(send_to_journal({.message = "hello"}, "relative"));
  EXPECT_FALSE(send_to_journal({.message = std::string(std::size_t{1} << 20, 'x')}, journald.path()));
}

}  // namespace
}  // namespace suture::host
