#include "server/http/operator_routes.h"

#include <algorithm>
#include <array>

#include "server/domain/people/people.h"
#include "server/http/entity_tag.h"
#include "server/http/once.h"
#include "server/http/people/asked.h"
#include "server/http/respond.h"

namespace suture::server {
namespace {

struct Subject {
  std::string_view name;
  Answer (*answer)(const Asked& asked);
};
constexpr std::array subjects{Subject{"hosts", answer_hosts},         Subject{"rollouts", answer_rollouts},
                              Subject{"recalls", answer_recalls},     Subject{"policies", answer_policies},
                              Subject{"catalogue", answer_catalogue}, Subject{"audit", answer_audit},
                              Subject{"events", answer_events},       Subject{"metrics", answer_metrics}};

const Subject* subject_of(const Target& target) {
  const auto& parts = target.parts();
  if (parts.size() < 2 || parts[0] != "v1") return nullptr;
  const auto* found = std::ranges::find(subjects, parts[1], &Subject::name);
  return found == subjects.end() ? nullptr : found;
}

}  // namespace

bool is_of_people(const Request& request) { return subject_of(Target(request.target)) != nullptr; }

Answer answer_people(Parts& parts, const Request& request, Time now) {
  const auto person = identify(parts.store, request.token, now);
  if (!person) return parts.strangers.admit(request, now, [&] { return problem(person.error()); });
  const Target target(request.target);
  const auto* subject = subject_of(target);
  if (subject == nullptr) return no_such_operation();
  const auto carry_out = [&] { return subject->answer({parts, *person, request, target, now}); };
  if (request.method == "GET") {
    if (const auto allowed = allow(*person, Act::see); !allowed) return problem(allowed.error());
    return conditional(request, carry_out());
  }
  return request.idempotency_key.empty() ? carry_out() : once(parts, *person, request, now, carry_out);
}

}  // namespace suture::server
