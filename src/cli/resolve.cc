#include "cli/resolve.h"

#include "base/json.h"
#include "cli/answer.h"

namespace suture::cli {

namespace {

/// The id, called `member`, of the one in the server's list that `is_meant`.
template <typename Predicate>
Result<std::string> find_one(Session& session, const std::string& path, const char* member, const std::string& given,
                             Predicate is_meant) {
  const auto answer = TRY(session.list(path));
  const auto all = TRY(json::parse(answer, "answer"));
  std::string found;
  for (const auto& each : list_in(&all)) {
    auto id = text_of(each, member);
    if (!is_meant(each, id)) continue;
    if (!found.empty()) return fail("'{}' could be {} and {}", given, found, id);
    found = std::move(id);
  }
  if (found.empty()) return fail("the server knows none that is called '{}'", given);
  return found;
}

}  // namespace

Result<std::string> rollout_id(Session& session, const std::string& given) {
  return find_one(session, "/v1/rollouts", "id", given,
                  [&](const auto&, const std::string& id) { return !given.empty() && id.starts_with(given); });
}

Result<std::string> host_id(Session& session, const std::string& given) {
  return find_one(session, "/v1/hosts", "host", given, [&](const auto& host, const std::string& id) {
    return id == given || text_of(host, "hostname") == given;
  });
}

}  // namespace suture::cli
