#include "server/domain/metrics.h"

#include "server/http/people/asked.h"
#include "server/http/respond.h"

namespace suture::server {

Answer answer_metrics(const Asked& asked) {
  if (!asked.is("GET", 2)) return no_such_operation();
  const auto written = write_metrics(asked.store, asked.rollouts, asked.now);
  if (!written) return problem(written.error());
  return {.body = *written, .type = "text/plain; version=0.0.4"};
}

}  // namespace suture::server
