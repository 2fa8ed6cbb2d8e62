#include "agent/fleet/membership.h"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/json.h"
#include "base/read_described.h"
#include "trust/certificate_request.h"

namespace suture::agent {
namespace {

struct Stored {
  std::string server, host, assignment_key, ca, certificate, key;
};
BOOST_DESCRIBE_STRUCT(Stored, (), (server, host, assignment_key, ca, certificate, key))

constexpr auto membership_file = "membership.json";

Result<trust::ed25519::PublicKey> read_key(std::string_view hex, std::string_view place) {
  trust::ed25519::PublicKey key{};
  const auto bytes = from_hex(hex);
  if (!bytes || bytes->size() != key.size()) return fail("{}: is no Ed25519 key", place);
  std::ranges::copy(*bytes, key.begin());
  return key;
}

Status keep(const fs::path& directory, const Membership& member) {
  const Stored stored{member.server, member.host,        to_hex(member.assignment_key),
                      member.ca,     member.certificate, member.key};
  return write_text(directory / membership_file, json::to_text(stored));
}

Status make_private(const fs::path& directory) {
  TRY(make_directories(directory));
  if (::chmod(directory.c_str(), 0700) != 0) return fail("{}: cannot be made private", directory.string());
  return {};
}

using Certificate = std::unique_ptr<X509, trust::openssl::Free<X509_free>>;

}  // namespace

Result<Enrolment> Enrolment::begin(const fs::path& directory) {
  if (const auto member = TRY(membership(directory)))
    return fail(Error(fmt::format("this host belongs to the fleet of {} already, as {}", member->server, member->host))
                    .advise(fmt::format("to leave it, remove {}", directory.string())));
  TRY(make_private(directory));
  const auto key = TRY(trust::ed25519::PrivateKey::generate());
  const auto pem = TRY(key.to_pem({}));
  auto csr = TRY(trust::certificate_request(key));
  return Enrolment(directory, std::string(pem.reveal()), std::move(csr));
}

std::string Enrolment::request(const std::string& token, const std::string& hostname,
                               const std::string& machine_id) const {
  return json::pretty(
      {{"protocol", 1}, {"token", token}, {"csr", csr_}, {"hostname", hostname}, {"machine_id", machine_id}});
}

Result<Membership> Enrolment::take(std::string_view answer, const std::string& server,
                                   const repository::Store& repository) {
  const auto value = TRY(json::parse_strict(answer, "the server's answer"));
  auto fields = TRY(json::Fields::of(value, "the server's answer"));
  Membership member{.server = server, .host = {}, .ca = {}, .certificate = {}, .key = key_};
  member.host = TRY(fields.string("host"));
  member.certificate = TRY(fields.string("certificate"));
  member.ca = TRY(fields.string("ca"));
  auto key = TRY(fields.object("assignment_key"));
  const auto hex = TRY(key.string("public"));
  member.assignment_key = TRY(read_key(hex, key.place("public")));
  const auto* least = TRY(fields.get("minimum_versions"));
  const auto versions = TRY(json::read_described<repository::Versions>(*least, fields.place("minimum_versions")));
  TRY(repository.pin(versions));
  TRY(keep(directory_, member));
  return member;
}

Result<std::optional<Membership>> membership(const fs::path& directory) {
  const auto file = directory / membership_file;
  if (!fs::exists(file)) return std::nullopt;
  const auto text = TRY(read_text(file));
  auto stored = TRY(json::from_strict_text<Stored>(text, file.string()));
  const auto key = TRY(read_key(stored.assignment_key, file.string()));
  return Membership{stored.server, stored.host, key, stored.ca, stored.certificate, stored.key};
}

Result<std::string> renewal_request(const Membership& member) {
  const auto key = TRY(trust::ed25519::PrivateKey::from_pem(member.key, {}, "this host's key"));
  const auto csr = TRY(trust::certificate_request(key));
  return json::pretty({{"csr", csr}});
}

Status take_renewal(const fs::path& directory, Membership& member, std::string_view answer) {
  const auto value = TRY(json::parse_strict(answer, "the server's answer"));
  auto fields = TRY(json::Fields::of(value, "the server's answer"));
  member.certificate = TRY(fields.string("certificate"));
  return keep(directory, member);
}

Result<bool> is_renewal_due(const Membership& member, std::int64_t now) {
  const auto in = TRY(trust::openssl::memory(as_bytes(member.certificate)));
  const Certificate certificate(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
  if (!certificate) return trust::openssl::failure("this host's certificate");
  auto left = [&](const ASN1_TIME* at) {
    const std::unique_ptr<ASN1_TIME, trust::openssl::Free<ASN1_TIME_free>> then(
        ASN1_TIME_set(nullptr, static_cast<time_t>(now)));
    int days = 0, seconds = 0;
    ASN1_TIME_diff(&days, &seconds, then.get(), at);
    return std::int64_t{days} * 86'400 + seconds;
  };
  const auto remaining = left(X509_get0_notAfter(certificate.get()));
  const auto whole = remaining - left(X509_get0_notBefore(certificate.get()));
  return remaining * 3 <= whole;
}

}  // namespace suture::agent
