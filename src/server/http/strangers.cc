#include "server/http/strangers.h"

#include "server/http/respond.h"

namespace suture::server {

Answer Strangers::admit(const Request& request, Time now, const std::function<Answer()>& work) {
  const auto client = client_of(request.client);
  if (const auto wait = limit_.wait(client, now); wait.count() != 0) {
    const auto refused = refuse_for(wait, "too-many",
                                    "too many requests without a credential from here: again after {} s", wait.count());
    return problem(refused.value());
  }
  auto answer = work();
  if (answer.status >= 400 && answer.status < 500) limit_.spend(client, now);
  return answer;
}

}  // namespace suture::server
