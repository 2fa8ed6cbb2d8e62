// suture-link: asks a fleet's server what src/agent/fleet/link.h tells it to.
//
// Like suture-fetch, it needs no right but to speak to the network. The identity of the host is handed to it, and it
// knows nothing of what it carries: whoever asked verifies what comes back.
#include <fmt/format.h>
#include <sys/prctl.h>

#include <iostream>
#include <optional>
#include <sstream>

#include "web/client.h"

namespace {

constexpr std::size_t longest = 1 << 21;

std::optional<std::string> read_bytes(std::size_t count) {
  if (count > longest) return std::nullopt;
  std::string bytes(count, '\0');
  if (!std::cin.read(bytes.data(), static_cast<std::streamsize>(count))) return std::nullopt;
  return bytes;
}

// "IDENTITY 1200 900 300", and as many bytes of CA, certificate and key.
std::optional<suture::web::Identity> read_identity() {
  std::string line, word;
  std::size_t ca = 0, certificate = 0, key = 0;
  if (!std::getline(std::cin, line)) return std::nullopt;
  std::istringstream fields(line);
  if (!(fields >> word >> ca >> certificate >> key) || word != "IDENTITY") return std::nullopt;
  auto first = read_bytes(ca), second = read_bytes(certificate), third = read_bytes(key);
  if (!first || !second || !third) return std::nullopt;
  return suture::web::Identity{std::move(*first), std::move(*second), std::move(*third)};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: suture-link URL\n");
    return 2;
  }
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  auto identity = read_identity();
  if (!identity) return 2;
  suture::web::Client client(argv[1], std::move(*identity));
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream fields(line);
    std::string method, path;
    std::size_t size = 0;
    long seconds = 0;
    if (!(fields >> method >> path >> seconds >> size)) return 2;
    const auto body = read_bytes(size);
    if (!body) return 2;
    auto answered = client.ask(method, path, *body, std::chrono::seconds(seconds));
    if (answered) {
      std::cout << fmt::format("{} {}\n{}", answered->status, answered->body.size(), answered->body) << std::flush;
      continue;
    }
    auto reason = answered.error().describe();
    for (auto& each : reason)
      if (static_cast<unsigned char>(each) < ' ') each = ' ';
    std::cout << "ERROR " << reason << std::endl;
  }
  return 0;
}
