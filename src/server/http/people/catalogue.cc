#include "server/domain/overview/matrix.h"
#include "server/http/people/asked.h"
#include "server/http/respond.h"

namespace suture::server {

Answer answer_catalogue(const Asked& asked) {
  if (!asked.is("GET", 2)) return no_such_operation();
  const auto& parts = asked.parts;
  return as_answer(view_catalogue(parts.store, parts.catalogue, parts.policies, asked.now));
}

}  // namespace suture::server
