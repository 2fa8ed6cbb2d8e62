#include "server/domain/hosts/fleet.h"

#include <algorithm>

#include "base/digest.h"
#include "base/json.h"
#include "base/read_described.h"
#include "server/domain/audit.h"
#include "server/domain/people/people.h"
#include "server/domain/random.h"
#include "trust/tuf/metadata.h"

namespace suture::server {
namespace {

constexpr json::Limits body_limits{.bytes = 1 << 20, .depth = 16, .values = 100'000};

struct EnrollRequest {
  std::int64_t protocol = 0;
  std::string token, csr, hostname, machine_id;
};
BOOST_DESCRIBE_STRUCT(EnrollRequest, (), (protocol, token, csr, hostname, machine_id))

Status check(const EnrollRequest& request) {
  if (request.protocol != 1) return fail("body.protocol: {} is not spoken here, 1 is", request.protocol);
  // It is shown on people's terminals.
  if (request.hostname.empty() || request.hostname.size() > 253 ||
      !std::ranges::all_of(request.hostname,
                           [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_'; }))
    return fail("body.hostname: is no name of a host");
  if (request.machine_id.size() != 32 || request.machine_id.find_first_not_of("0123456789abcdef") != std::string::npos)
    return fail("body.machine_id: is not 32 hexadecimal digits");
  return {};
}

/// Names and numbers: how the host was since its last report.
Status check_readings(json::Fields& fields) {
  constexpr std::size_t most = 64, longest = 64;
  if (fields.find("readings") == nullptr) return {};
  const auto readings = TRY(fields.object("readings"));
  if (readings.all().size() > most) return fail("body.readings: has more than {} members", most);
  for (const auto& [name, value] : readings.all()) {
    const bool is_name = !name.empty() && name.size() <= longest && std::ranges::all_of(name, [](unsigned char c) {
      return std::islower(c) != 0 || std::isdigit(c) != 0 || c == '_';
    });
    if (!is_name) return fail("body.readings: has a member that is no name of a reading");
    if (!value.is_number()) return fail("{}: is no number", readings.place(name));
  }
  return {};
}

/// It is shown on people's terminals, and compared with the versions of signed releases.
Status check_agent(json::Fields& fields) {
  constexpr std::size_t longest = 64;
  if (fields.find("agent") == nullptr) return {};
  auto agent = TRY(fields.object("agent"));
  const auto version = TRY(agent.string("version"));
  if (version.empty() || version.size() > longest || !std::ranges::all_of(version, [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '.' || c == '+' || c == '~' || c == '-';
      }))
    return fail("{}: is no version", agent.place("version"));
  return agent.no_rest();
}

struct ReportHead {
  std::int64_t sequence = 0;
  std::string previous;
};

template <typename... Names>
Status check_word(json::Fields& fields, std::string_view name, Names... names) {
  const auto word = TRY(fields.string(name));
  if (((word != names) && ...)) return fail("{}: '{}' is not known", fields.place(name), word);
  return {};
}

Result<ReportHead> read_report(std::string_view body) {
  auto limits = body_limits;
  limits.fractions = true;
  const auto value = TRY(json::parse_strict(body, "body", limits));
  auto fields = TRY(json::Fields::of(value, "body"));
  TRY(fields.integer("protocol", 1, 1));
  ReportHead head;
  head.sequence = TRY(fields.integer("sequence", 1));
  head.previous = TRY(fields.string("previous"));
  const auto* steps = TRY(fields.array("steps_known"));
  if (!std::ranges::all_of(*steps, [](const auto& each) { return each.is_string(); }))
    return fail("body.steps_known: holds something that is no string");
  TRY(fields.object("inventory"));
  auto status = TRY(fields.object("status"));
  TRY(status.integer("level", 0, 0xffff'ffff));
  TRY(check_word(status, "state", "idle", "busy", "failed", "damaged"));
  TRY(check_word(status, "verdict", "none", "well", "worse", "unknown"));
  TRY(check_readings(fields));
  TRY(check_agent(fields));
  if (fields.find("load") != nullptr) {
    auto load = TRY(fields.object("load"));
    TRY(load.boolean("enough"));
  }
  if (fields.find("assignment") != nullptr) {
    auto assignment = TRY(fields.object("assignment"));
    TRY(assignment.integer("sequence", 1));
    TRY(check_word(assignment, "outcome", "started", "done", "failed", "refused"));
  }
  TRY(fields.no_rest());
  return head;
}

Result<std::string> read_csr(std::string_view body) {
  const auto value = TRY(json::parse_strict(body, "body", body_limits));
  auto fields = TRY(json::Fields::of(value, "body"));
  auto csr = TRY(fields.string("csr"));
  TRY(fields.no_rest());
  return csr;
}

}  // namespace

Outcome<Host> Fleet::known(const Peer& peer) {
  auto host = TRY(store_->host(peer.host));
  if (!host || host->key != peer.key)
    return refuse(Kind::forbidden, "unknown-host", "this certificate is of no host that is enrolled here");
  if (!host->held.empty())
    return refuse(Kind::forbidden, "held", "this host is held until it enrols anew: {}", host->held);
  return std::move(*host);
}

Outcome<std::string> Fleet::enroll(std::string_view body, Time now) {
  const auto request = TRY(as_input(json::from_strict_text<EnrollRequest>(body, "body", body_limits)));
  TRY(as_input(check(request)));
  const auto csr = TRY(as_input(authority_->read_request(request.csr)));
  const auto least = catalogue_->offers()->versions;
  auto id = TRY(random_uuid());
  Host host{.id = std::move(id),
            .key = csr.key,
            .hostname = request.hostname,
            .machine_id = request.machine_id,
            .enrolled = now};
  const auto certificate = TRY(authority_->certify(csr, host.id, now));
  const auto enrolled = store_->transaction([&]() -> Done {
    auto token = TRY(store_->token(sha256_hex(as_bytes(request.token))));
    if (!token || token->uses < 1 || token->expires <= now)
      return refuse(Kind::forbidden, "token", "this token is unknown, used up or past its end");
    if (TRY(store_->has_key(host.key)))
      return refuse(Kind::conflict, "key-known", "a host with this key is enrolled; each host makes a key of its own");
    --token->uses;
    host.labels = token->labels;
    TRY(store_->put_token(*token));
    TRY(store_->put_host(host));
    return as_done(
        append(*store_, {.at = now, .who = "server", .host = host.id, .text = "enrolled: " + host.hostname}));
  });
  if (!enrolled) return fail(enrolled.error());
  const auto assignment_key = key_->public_key();
  const auto key = trust::tuf::key_of(assignment_key);
  return json::pretty({{"host", host.id},
                       {"certificate", certificate},
                       {"ca", authority_->ca()},
                       {"assignment_key", {{"keyid", key.id}, {"public", to_hex(assignment_key)}}},
                       {"minimum_versions",
                        {{"root", least.root},
                         {"timestamp", least.timestamp},
                         {"snapshot", least.snapshot},
                         {"targets", least.targets}}}});
}

Outcome<std::string> Fleet::renew(const Peer& peer, std::string_view body, Time now) {
  const auto host = TRY(known(peer));
  const auto pem = TRY(as_input(read_csr(body)));
  const auto csr = TRY(as_input(authority_->read_request(pem)));
  if (csr.key != host.key)
    return refuse(Kind::forbidden, "key-changed",
                  "the request is for another key than the one that this host enrolled");
  const auto certificate = TRY(authority_->certify(csr, host.id, now));
  return json::pretty({{"certificate", certificate}});
}

Outcome<std::string> Fleet::report(const Peer& peer, std::string_view body, Time now) {
  const auto host = TRY(known(peer));
  const auto head = TRY(as_input(read_report(body)));
  TRY(take(host, head.sequence, head.previous, body, now));
  return TRY(checkpoint(*store_, *key_, now));
}

Done Fleet::take(const Host& host, std::int64_t sequence, const std::string& previous, std::string_view body,
                 Time now) {
  bool forked = false;
  const auto stored = store_->transaction([&]() -> Done {
    const auto last = TRY(store_->last_report(host.id));
    const auto digest = sha256_hex(as_bytes(body));
    if (last && last->sequence == sequence && last->digest == digest) return {};
    if (sequence == (last ? last->sequence + 1 : 1) && previous == (last ? last->digest : "")) {
      TRY(store_->add_report({host.id, sequence, digest, now, std::string(body)}));
      return {};
    }
    forked = true;
    auto held = host;
    held.held = fmt::format("report {} does not continue the chain that ends with {}: a clone, or set back", sequence,
                            last ? last->sequence : 0);
    TRY(store_->put_host(held));
    return as_done(append(*store_, {.at = now, .who = "server", .host = host.id, .text = "held: " + held.held}));
  });
  if (!stored) return fail(stored.error());
  if (forked)
    return refuse(Kind::conflict, "forked", "this report does not continue the chain of {}: the host is held", host.id);
  return {};
}

Done revoke(Store& store, const Person& person, const std::string& id, const std::string& reason, Time now) {
  TRY(allow(person, Act::steer));
  return store.transaction([&]() -> Done {
    auto host = TRY(store.host(id));
    if (!host) return refuse(Kind::not_found, "not-found", "there is no host {}", id);
    host->held = fmt::format("revoked by {}{}{}", person.name, reason.empty() ? "" : ": ", reason);
    TRY(store.put_host(*host));
    return as_done(append(store, {.at = now, .who = person.name, .host = id, .text = host->held}));
  });
}

Result<std::string> make_token(Store& store, std::int64_t uses, Time expires, const Labels& labels) {
  const auto secret = TRY(random_hex(24));
  TRY(store.put_token({sha256_hex(as_bytes(secret)), uses, expires, labels}));
  return secret;
}

}  // namespace suture::server
