#include "cli/rollout_id.h"

#include "base/json.h"
#include "cli/answer.h"

namespace suture::cli {

Result<std::string> rollout_id(Session& session, const std::string& given) {
  constexpr std::size_t whole = 36;
  if (given.size() == whole) return given;
  const auto answer = TRY(session.get("/v1/rollouts"));
  const auto all = TRY(json::parse(answer, "answer"));
  std::string found;
  for (const auto& each : list_in(&all)) {
    auto id = text_of(each, "id");
    if (given.empty() || !id.starts_with(given)) continue;
    if (!found.empty()) return fail("{}: more than one rollout begins so: {} and {}", given, found, id);
    found = std::move(id);
  }
  if (found.empty()) return fail(Error(fmt::format("there is no rollout {}", given)).advise("suture rollout list"));
  return found;
}

}  // namespace suture::cli
