// What a person asks. Each subject has a file that answers what is asked of it.
#pragma once

#include "server/http/parts.h"
#include "server/http/request.h"
#include "server/http/target.h"

namespace suture::server {

struct Asked {
  Parts& parts;
  const Person& person;
  const Request& request;
  const Target& target;
  Time now;

  /// Whether it is this method on a path of so many parts: "/v1/hosts" has two.
  bool is(std::string_view method, std::size_t size) const {
    return request.method == method && target.parts().size() == size;
  }
  const std::string& part(std::size_t number) const { return target.parts()[number]; }
};

Answer answer_hosts(const Asked& asked);
Answer answer_rollouts(const Asked& asked);
Answer answer_recalls(const Asked& asked);
Answer answer_policies(const Asked& asked);
Answer answer_catalogue(const Asked& asked);
Answer answer_metrics(const Asked& asked);
Answer answer_audit(const Asked& asked);
Answer answer_events(const Asked& asked);

/// What the audit says of one rollout, or of everything if `rollout` is empty: lines of JSON, or a stream of events.
Answer audit_lines(const Asked& asked, const std::string& rollout);
Answer event_stream(const Asked& asked, const std::string& rollout);

}  // namespace suture::server
