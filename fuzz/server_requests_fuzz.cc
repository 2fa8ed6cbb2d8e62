// Asks the server with damaged bodies and targets, and with a damaged certificate request within a good one. Whatever
// is asked, the answer is one that api/openapi.yaml has, and never that the server failed.
#include <openssl/evp.h>

#include "base/file.h"
#include "base/json.h"
#include "fuzz/fuzz.h"
#include "server/authority/certificates.h"
#include "server/domain/people/people.h"
#include "server/http/answer.h"
#include "server/store/sqlite.h"

namespace {

using namespace suture;
using namespace suture::server;

constexpr Time now{std::chrono::seconds(1'800'000'000)};
const Peer peer{"host", "key"};
const std::string report = R"({"protocol":1,"sequence":1,"previous":"","steps_known":["livepatch"],)"
                           R"("inventory":{"kernel":"6.1.0-1-amd64","build_id":"abcdefabcdefabcd"},)"
                           R"("status":{"level":1,"state":"idle","verdict":"well"},"load":{"enough":true},)"
                           R"("readings":{"disk_latency_ms":2.5,"io_pressure":0},)"
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

const std::string rollout =
    R"({"name":"a","level":2,"approvals":1,"rings":[{"name":"canary","where":{"ring":"canary"},)"
    R"("hosts":["a"],"at_once":1,"pause":0,"gate":{"soak":0,"success_percent":100,)"
    R"("by_hand":true,"checks":["c","comparison"]}}],)"
    R"("comparison":{"readings":[{"name":"disk_latency_ms","tolerated":"0.5"}],"fewest":5,"false_alarm":"0.01","not_applicable_passes":true},)"
    R"("checks":[{"name":"c","url":"http://p","query":"q","at_most":"1"}],"holdback":{"ring":"none"},"poll":60,"transition":60,"silence":300})";
const std::string policy =
    R"({"expected":0,"text":"policy: 1\nrules:\n- {name: a, match: {kind: [security], kernel: ['6.1.*'], hosts: )"
    R"({ring: canary}}, require: {approvals: 2, soak: 1h}, windows: [w]}\nwindows: {w: {days: [mon], from: '09:00', )"
    R"(to: '16:00', zone: UTC}}\nfreezes: [{name: f, from: '2026-12-18T17:00', to: '2027-01-07T09:00', zone: UTC}]\n)"
    R"(deadlines: {high: 7d}\nexceptions: [{name: e, owner: o, reason: r, until: '2027-01-07T09:00:00Z', lifts: [f]}]"})";
const std::string act = R"({"host":"host","ring":"canary","reason":"a drill"})";
const std::string approval = R"({"signed":{"_type":"approval","rollout":"r","digest":"d","approver":"a"},)"
                             R"("signatures":[{"keyid":"k","sig":"00"}]})";

const std::string login = R"({"name":"ada","password":"correct horse"})";

/// One kernel, with one level.
class FakeCatalogue : public Catalogue {
 public:
  bool has_looked_since(Instant) override { return true; }
  std::shared_ptr<const Offers> offers() override { return offers_; }

 private:
  static std::shared_ptr<const Offers> make() {
    KernelOffer offer;
    offer.index = {.release = "6.1.0-1-amd64", .build_id = "abcdefabcdefabcd"};
    offer.index.levels = {{.level = 2, .name = "livepatch_2", .digest = std::string(64, 'a')}};
    offer.index.levels[0].fixes = {{.id = "f.patch", .kind = "security", .severity = "high", .cves = {}}};
    offer.levels[2] = {std::string(64, 'a'), {{0, rollout::Way::disable_and_load}}, false};
    Offers offers;
    offers.kernels["abcdefabcdefabcd"] = std::move(offer);
    return std::make_shared<const Offers>(std::move(offers));
  }
  std::shared_ptr<const Offers> offers_ = make();
};

class NoAnswers : public CheckAnswers {
 public:
  rollout::Check answer(const CheckSpec&) override { return {}; }
};

struct Served {
  Certificates authority;
  std::unique_ptr<Store> store;
  FakeCatalogue catalogue{};
  NoAnswers answers{};
  trust::ed25519::PrivateKey key = trust::ed25519::PrivateKey::generate().value();
  std::string token{};
};

Served make_served() {
  const auto directory = TempDir::make().value();
  fuzz::require(make_authority(directory.path(), {"localhost"}, now).has_value());
  Served served{Certificates::open(directory.path()).value(), open_sqlite(":memory:").value()};
  const Labels labels{{"ring", "canary"}};
  fuzz::require(
      served.store
          ->put_host(
              {.id = peer.host, .key = peer.key, .hostname = "a", .machine_id = "b", .enrolled = now, .labels = labels})
          .has_value());
  served.token =
      make_person(*served.store, {.name = "ada", .role = Role::admin, .expires = now + std::chrono::hours(1)}, now)
          .value();
  return served;
}

std::string text_of(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }
std::string damaged(const std::string& text, ByteView input) {
  return text_of(fuzz::damage({text.begin(), text.end()}, input));
}

/// What is asked, and whether a person asks.
Request request_of(unsigned which, ByteView input, const Served& served) {
  const auto request_in = which % 2 == 0 ? damaged_csr(input) : pem_of(csr);
  const auto enroll = json::pretty({{"protocol", 1},
                                    {"token", "guessed"},
                                    {"csr", request_in},
                                    {"hostname", "a"},
                                    {"machine_id", std::string(32, '0')}});
  switch (which / 2 % 11) {
    case 0:
      return {"PUT", "/v1/agent/report", report, peer};
    case 1:
      return {"POST", "/v1/agent/renew", json::pretty({{"csr", request_in}}), peer};
    case 2:
      return {"POST", "/v1/enroll", enroll};
    case 3:
      return {"POST", "/v1/rollouts", rollout, {}, served.token};
    case 4:
      return {"POST", "/v1/rollouts/r/pause", act, {}, served.token};
    case 5:
      return {"POST", "/v1/rollouts/r/approvals", approval, {}, served.token};
    case 6:
      return {"POST", "/v1/policies/trial", policy, {}, served.token};
    case 7:
      return {"PUT", "/v1/hosts/host/labels", R"({"labels":{"ring":"canary"}})", {}, served.token};
    case 8:
      return {"POST", "/v1/login", login};
    case 9:
      return {"GET", "/v1/hosts?limit=1&cursor=612f686f7374", "", {}, served.token};
    default:
      return {"GET", "/v1/agent/assignment?after=0&wait=0", "", peer};
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static auto served = make_served();
  Fleet fleet(*served.store, served.authority, served.catalogue, served.key);
  Policies policies(*served.store);
  Rollouts rollouts(*served.store, served.catalogue, policies, served.answers, served.key);
  ByteView input(data, size);
  const auto which = fuzz::take_byte(input);
  auto request = request_of(which, input, served);
  auto& where = request.method == "GET" ? request.target : request.body;
  if (which >= 0x80)
    where = std::string(input.begin(), input.end());
  else if (which % 2 == 1)
    where = damaged(where, input);

  if (which % 3 == 0) {
    const auto field = damaged("\"0f8e.0f8e\"", input);
    for (auto* each : {&request.idempotency_key, &request.if_match, &request.if_none_match, &request.last_event_id})
      *each = field;
  }

  // Each time new ones: nobody is limited for what was asked before.
  Logins logins(*served.store);
  Strangers strangers;
  Parts parts{*served.store, served.catalogue, policies, fleet, rollouts, logins, strangers, served.key};
  const auto answer = server::answer(parts, request, now);
  fuzz::require(answer.status != 500 && answer.failure.empty());
  if (answer.status == 204 || answer.status == 304)
    fuzz::require(answer.body.empty());
  else if (answer.type.ends_with("json"))
    fuzz::require(json::parse(answer.body, "answer").has_value());
  fuzz::require(rollouts.tick(now).has_value());
  return 0;
}
