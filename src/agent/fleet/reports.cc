#include "agent/fleet/reports.h"

#include "base/digest.h"
#include "base/json.h"
#include "base/read_described.h"

namespace suture::agent {

BOOST_DESCRIBE_STRUCT(StoredReports, (), (sequence, digest, pending))

Result<Reports> Reports::open(const fs::path& directory) {
  Reports reports(directory / "reports.json");
  if (!fs::exists(reports.file_)) return reports;
  const auto text = TRY(read_text(reports.file_));
  auto stored = TRY(json::from_strict_text<StoredReports>(text, reports.file_.string()));
  reports.sequence_ = stored.sequence;
  reports.digest_ = std::move(stored.digest);
  reports.pending_ = std::move(stored.pending);
  return reports;
}

Status Reports::add(std::string_view content) {
  auto value = TRY(json::parse(content, "report"));
  auto* object = value.if_object();
  if (object == nullptr || !pending_.empty())
    return fail("a report cannot be added: one is pending, or it is no object");
  (*object)["protocol"] = 1;
  (*object)["sequence"] = sequence_ + 1;
  (*object)["previous"] = digest_;
  auto body = boost::json::serialize(value);
  auto digest = sha256_hex(as_bytes(body));
  TRY(keep({sequence_ + 1, digest, body}));
  ++sequence_;
  digest_ = std::move(digest);
  pending_ = std::move(body);
  return {};
}

Status Reports::acknowledged() {
  TRY(keep({sequence_, digest_, ""}));
  pending_.clear();
  return {};
}

Status Reports::keep(const StoredReports& stored) const { return write_text(file_, json::to_text(stored)); }

}  // namespace suture::agent
