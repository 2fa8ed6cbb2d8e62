#include "server/domain/overview/metrics.h"

#include "server/http/people/asked.h"
#include "server/http/respond.h"

namespace suture::server {

Answer answer_metrics(const Asked& asked) {
  if (!asked.is("GET", 2)) return no_such_operation();
  const auto& parts = asked.parts;
  const auto written = write_metrics(parts.store, parts.catalogue, parts.policies, parts.rollouts, asked.now);
  if (!written) return problem(written.error());
  return {.body = *written, .type = "text/plain; version=0.0.4"};
}

}  // namespace suture::server
