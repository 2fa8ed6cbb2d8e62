// Asks the server with damaged bodies, and with a damaged certificate request within a good one. Whatever is asked, the
// answer is one that api/openapi.yaml has, and never that the server failed.
#include <openssl/evp.h>

#include "base/file.h"
#include "base/json.h"
#include "fuzz/fuzz.h"
#include "server/authority/certificates.h"
#include "server/http/agent_routes.h"
#include "server/store/sqlite.h"

namespace {

using namespace suture;
using namespace suture::server;

constexpr Time now{std::chrono::seconds(1'800'000'000)};
const Peer peer{"host", "key"};
const std::string report = R"({"protocol":1,"sequence":1,"previous":"","steps_known":["livepatch"],"inventory":{},)"
                           R"("status":{"level":1,"state":"idle","verdict":"well"},"load":{"enough":true},)"
                           R"("assignment":{"sequence":1,"outcome":"done"}})";
// PKCS #10, Ed25519.
const std::string csr =
    "MIGLMD8CAQAwDDEKMAgGA1UEAwwBeDAqMAUGAytlcAMhAGoflQhX/FqyAU+Qo5WC+lC0qdi/"
    "yYm6e2hAFugwB0xZoAAwBQYDK2VwA0EAwov0DGan8XtE"
    "S/2zN6DoHP0J1Je6HSZzBsJONXBVDYE71jp7xUkR3lFlfOMaPSnE2H9NPm9QbPKOs5ca4M7TCA==";

std::string pem_of(const std::string& base64) {
  return "-----BEGIN CERTIFICATE REQUEST-----\n" + base64 + "\n-----END CERTIFICATE REQUEST-----\n";
}

std::string damaged_csr(ByteView input) {
  Bytes der(csr.size());
  const auto size =
      EVP_DecodeBlock(der.data(), reinterpret_cast<const unsigned char*>(csr.data()), static_cast<int>(csr.size()));
  der.resize(static_cast<std::size_t>(size));
  der = fuzz::damage(std::move(der), input);
  std::string base64(der.size() * 2 + 4, '\0');
  base64.resize(static_cast<std::size_t>(
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(base64.data()), der.data(), static_cast<int>(der.size()))));
  return pem_of(base64);
}

struct Served {
  Certificates authority;
  std::unique_ptr<Store> store;
};

Served make_served() {
  const auto directory = TempDir::make().value();
  fuzz::require(make_authority(directory.path(), {"localhost"}, now).has_value());
  Served served{Certificates::open(directory.path()).value(), open_sqlite(":memory:").value()};
  fuzz::require(
      served.store->put_host({.id = peer.host, .key = peer.key, .hostname = "a", .machine_id = "b", .enrolled = now})
          .has_value());
  return served;
}

std::string text_of(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto served = make_served();
  Fleet fleet(*served.store, served.authority, {});
  ByteView input(data, size);
  const auto which = fuzz::take_byte(input);
  const auto request_in = which % 2 == 0 ? damaged_csr(input) : pem_of(csr);
  const auto renew = json::pretty({{"csr", request_in}});
  const auto enroll = json::pretty({{"protocol", 1},
                                    {"token", "guessed"},
                                    {"csr", request_in},
                                    {"hostname", "a"},
                                    {"machine_id", std::string(32, '0')}});
  Request request{"PUT", "/v1/agent/report", report, peer};
  if (which / 2 % 3 == 1) request = {"POST", "/v1/agent/renew", renew, peer};
  if (which / 2 % 3 == 2) request = {"POST", "/v1/enroll", enroll};
  if (which >= 0x80)
    request.body = std::string(input.begin(), input.end());
  else if (which % 2 == 1)
    request.body = text_of(fuzz::damage({request.body.begin(), request.body.end()}, input));

  const auto answer = answer_agent(fleet, request, now);
  fuzz::require(answer.status != 500 && answer.failure.empty());
  if (answer.status == 204)
    fuzz::require(answer.body.empty());
  else
    fuzz::require(json::parse(answer.body, "answer").has_value());
  return 0;
}
