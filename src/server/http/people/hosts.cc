#include "server/domain/hosts/host_list.h"
#include "server/http/people/asked.h"
#include "server/http/respond.h"

namespace suture::server {
namespace {

// A host's name has no slash.
std::string text_of(const HostPlace& place) { return place.hostname + "/" + place.id; }
HostPlace place_of(const std::string& text) {
  const auto slash = std::min(text.find('/'), text.size());
  return {text.substr(0, slash), text.substr(std::min(slash + 1, text.size()))};
}

Answer list_hosts(const Asked& asked) {
  const auto page = asked.target.page(most_on_a_page);
  if (!page) return problem(page.error());
  const auto offers = asked.parts.catalogue.offers();
  const auto listed = list_hosts(asked.parts.store, offers.get(), place_of(page->after), page->limit, asked.now);
  if (!listed) return problem(listed.error());
  return page_of(listed->json, listed->next ? asked.target.next_page(*page, text_of(*listed->next)) : "");
}

Answer show(const Asked& asked, const std::string& id) {
  const auto offers = asked.parts.catalogue.offers();
  return as_answer(show_host(asked.parts.store, offers.get(), id, asked.now));
}

Answer label(const Asked& asked, const std::string& id) {
  const auto offers = asked.parts.catalogue.offers();
  return as_answer(label_host(asked.parts.store, offers.get(), asked.person, id, asked.request.body, asked.now));
}

Answer revoke_host(const Asked& asked, const std::string& id) {
  if (const auto allowed = allow(asked.person, Act::steer); !allowed) return problem(allowed.error());
  const auto act = as_input(read_act(asked.request.body));
  if (!act) return problem(act.error());
  return as_answer(revoke(asked.parts.store, asked.person, id, act->reason, asked.now));
}

}  // namespace

Answer answer_hosts(const Asked& asked) {
  if (asked.is("GET", 2)) return list_hosts(asked);
  if (asked.is("GET", 3)) return show(asked, asked.part(2));
  if (asked.is("PUT", 4) && asked.part(3) == "labels") return label(asked, asked.part(2));
  if (asked.is("POST", 4) && asked.part(3) == "revoke") return revoke_host(asked, asked.part(2));
  return no_such_operation();
}

}  // namespace suture::server
