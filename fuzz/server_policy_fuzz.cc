// Reads damaged policies, and holds a host against those that are read.
#include "fuzz/fuzz.h"
#include "server/domain/policy/judge.h"

namespace {

using namespace suture;
using namespace suture::server;

const std::string policy =
    "policy: 1\nrules:\n- {name: a, match: {kind: [security], severity: [high], kernel: ['6.1.*'], hosts: {r: c}}, "
    "require: "
    "{approvals: 2, approvers: [x, y], soak: 1h, rings: 1, at_once: 2}, windows: [w]}\n- {name: d, match: {hosts: {r: "
    "d}}, "
    "deny: no}\nwindows: {w: {days: [mon, sun], from: '22:00', to: '04:00', zone: Europe/Berlin}}\nfreezes: [{name: f, "
    "from: '2026-12-18T17:00', to: '2027-01-07T09:00', zone: UTC}]\nexceptions: [{name: e, owner: o, reason: r, until: "
    "'2027-01-07T09:00:00Z', lifts: [f, a], hosts: {r: c}}]\ndeadlines: {high: 7d}\nemergency: {approvals: 1}\n"
    "drills: {every: 30d, within: 15m}\n";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteView input(data, size);
  const bool whole = fuzz::take_byte(input) >= 0x80;
  const auto bytes = whole ? Bytes(input.begin(), input.end()) : fuzz::damage({policy.begin(), policy.end()}, input);
  const auto read = read_policy({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, "policy");
  if (!read) return 0;
  constexpr Time now{std::chrono::seconds(1'800'000'000)};
  const PolicySubject subject{"a", {{"r", "c"}}, "6.1.0-1-amd64", {{"f.patch", "security", "high", {}}}};
  const auto judgement = judge(*read, {subject}, now);
  fuzz::require(!judgement.denials.empty() || !judgement.rules.empty());
  (void)closed(*read, judgement.rules, {subject.labels}, now);
  return 0;
}
