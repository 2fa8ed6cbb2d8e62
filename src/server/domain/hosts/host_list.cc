#include "server/domain/hosts/host_list.h"

#include "base/json.h"
#include "server/domain/hosts/report_view.h"
#include "trust/tuf/time.h"

namespace suture::server {
namespace {

struct View {
  std::string host, hostname, enrolled, held;
  Labels labels;
  std::int64_t reports = 0;
  std::string last_report, kernel;
  std::int64_t level = 0;
  std::string state, verdict, reason;
};
BOOST_DESCRIBE_STRUCT(View, (),
                      (host, hostname, enrolled, held, labels, reports, last_report, kernel, level, state, verdict,
                       reason))

Result<View> view_of(Store& store, const Host& host) {
  View made;
  made.host = host.id;
  made.hostname = host.hostname;
  made.enrolled = trust::tuf::format_time(host.enrolled);
  made.held = host.held;
  made.labels = host.labels;
  const auto last = TRY(store.last_report(host.id));
  if (!last) return made;
  const auto seen = TRY(view(*last));
  made.reports = last->sequence;
  made.last_report = trust::tuf::format_time(last->at);
  made.kernel = seen.release;
  made.level = seen.report.level;
  made.state = seen.state;
  made.verdict = seen.verdict;
  made.reason = seen.report.reason;
  return made;
}

Result<std::string> write(Store& store, const std::vector<Host>& hosts) {
  std::vector<View> views;
  for (const auto& host : hosts) views.push_back(TRY(view_of(store, host)));
  return json::to_text(views);
}

}  // namespace

Outcome<std::string> list_hosts(Store& store) {
  const auto hosts = TRY(store.hosts());
  return TRY(write(store, hosts));
}

Outcome<HostList> list_hosts(Store& store, const HostPlace& after, std::size_t most) {
  auto hosts = TRY(store.hosts_after(after, most + 1));  // one more shows whether there are more
  HostList list;
  if (hosts.size() > most) {
    hosts.resize(most);
    list.next = {hosts.back().hostname, hosts.back().id};
  }
  list.json = TRY(write(store, hosts));
  return list;
}

}  // namespace suture::server
