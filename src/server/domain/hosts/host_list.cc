#include "server/domain/hosts/host_list.h"

#include <algorithm>

#include "base/json.h"
#include "base/strict_json.h"
#include "server/domain/audit.h"
#include "server/domain/hosts/report_view.h"
#include "trust/tuf/time.h"

namespace suture::server {
namespace {

struct View {
  std::string host, hostname, enrolled, held;
  Labels labels;
  std::vector<std::string> standing;
  std::int64_t reports = 0;
  std::string last_report, agent, kernel, build_id;
  std::int64_t level = 0;
  std::string state, verdict, reason;
};
BOOST_DESCRIBE_STRUCT(View, (),
                      (host, hostname, enrolled, held, labels, standing, reports, last_report, agent, kernel, build_id,
                       level, state, verdict, reason))

/// Its kernel, level and state, and since when it said so.
struct Change {
  std::string at, kernel;
  std::int64_t level = 0;
  std::string state, verdict;
  bool is_as(const Change& other) const {
    return std::tie(kernel, level, state, verdict) == std::tie(other.kernel, other.level, other.state, other.verdict);
  }
};
BOOST_DESCRIBE_STRUCT(Change, (), (at, kernel, level, state, verdict))

class Viewer {
 public:
  Viewer(Store& store, const Offers* offers, Time now) : store_(store), offers_(offers), now_(now) {}

  Result<View> view_of(const Host& host) {
    View made;
    made.host = host.id;
    made.hostname = host.hostname;
    made.enrolled = trust::tuf::format_time(host.enrolled);
    made.held = host.held;
    made.labels = host.labels;
    if (!host.held.empty()) made.standing.emplace_back("held");
    const auto last = TRY(store_.last_report(host.id));
    if (!last) {
      made.standing.emplace_back("silent");
      return made;
    }
    const auto seen = TRY(view(*last));
    made.reports = last->sequence;
    made.last_report = trust::tuf::format_time(last->at);
    made.agent = seen.agent;
    made.kernel = seen.release;
    made.build_id = seen.build_id;
    made.level = seen.report.level;
    made.state = seen.state;
    made.verdict = seen.verdict;
    made.reason = seen.report.reason;
    if (now_ - last->at > silent_after) made.standing.emplace_back("silent");
    if (TRY(drifts(host.id, seen))) made.standing.emplace_back("drifting");
    if (offers_ != nullptr && offers_->of(seen.release, seen.build_id) == nullptr)
      made.standing.emplace_back("unsupported");
    return made;
  }

 private:
  /// It did what it was told, and runs something else now.
  Result<bool> drifts(const std::string& id, const ReportView& seen) {
    const auto told = TRY(store_.last_assignment(id));
    if (!told || told->order == 0 || told->sequence != seen.assignment || seen.outcome != "done" || seen.report.busy)
      return false;
    return told->agent.empty() ? told->level != seen.report.level : told->agent != seen.agent;
  }

  Store& store_;
  const Offers* offers_;
  Time now_;
};

Result<std::vector<Change>> history_of(Store& store, const std::string& id) {
  std::vector<Change> changes;
  for (const auto& report : TRY(store.reports(id, Time(), Time::max()))) {
    const auto seen = TRY(view(report));
    Change next{trust::tuf::format_time(report.at), seen.release, seen.report.level, seen.state, seen.verdict};
    if (changes.empty() || !next.is_as(changes.back())) changes.push_back(std::move(next));
  }
  return changes;
}

Result<Labels> read_label_request(std::string_view body) {
  constexpr json::Limits limits{.bytes = 1 << 16, .depth = 3, .values = 1000};
  const auto value = TRY(json::parse_strict(body, "body", limits));
  auto fields = TRY(json::Fields::of(value, "body"));
  auto members = TRY(fields.object("labels"));
  Labels labels;
  for (const auto& [name, text] : members.all()) {
    if (!text.is_string()) return fail("{}: is no string", members.place(name));
    const auto is_plain = [](std::string_view word) {
      return !word.empty() && word.size() <= 100 &&
             std::ranges::all_of(word, [](unsigned char each) { return each > ' ' && each < 0x7f && each != '='; });
    };
    if (!is_plain(name) || !is_plain(text.as_string()))
      return fail("{}: labels are 1 to 100 printable ASCII characters, without space and '='", members.place(name));
    labels[name] = text.as_string();
  }
  TRY(fields.no_rest());
  return labels;
}

Result<std::string> write(Viewer& viewer, const std::vector<Host>& hosts) {
  std::vector<View> views;
  for (const auto& host : hosts) views.push_back(TRY(viewer.view_of(host)));
  return json::to_text(views);
}

}  // namespace

Outcome<std::string> list_hosts(Store& store, const Offers* offers, Time now) {
  Viewer viewer(store, offers, now);
  const auto hosts = TRY(store.hosts());
  return TRY(write(viewer, hosts));
}

Outcome<HostList> list_hosts(Store& store, const Offers* offers, const HostPlace& after, std::size_t most, Time now) {
  Viewer viewer(store, offers, now);
  auto hosts = TRY(store.hosts_after(after, most + 1));  // one more shows whether there are more
  HostList list;
  if (hosts.size() > most) {
    hosts.resize(most);
    list.next = {hosts.back().hostname, hosts.back().id};
  }
  list.json = TRY(write(viewer, hosts));
  return list;
}

Outcome<std::string> show_host(Store& store, const Offers* offers, const std::string& id, Time now) {
  const auto host = TRY(store.host(id));
  if (!host) return refuse(Kind::not_found, "not-found", "there is no host {}", id);
  const auto seen = TRY(Viewer(store, offers, now).view_of(*host));
  auto detail = boost::json::value_from(seen).as_object();
  detail["inventory"] = boost::json::object();
  if (const auto last = TRY(store.last_report(id))) {
    const auto body = TRY(json::parse(last->body, "report"));
    if (const auto* object = body.if_object(); object != nullptr && object->contains("inventory"))
      detail["inventory"] = object->at("inventory");
  }
  const auto history = TRY(history_of(store, id));
  detail["history"] = boost::json::value_from(history);
  return json::pretty(detail);
}

Outcome<std::string> label_host(Store& store, const Offers* offers, const Person& person, const std::string& id,
                                std::string_view body, Time now) {
  TRY(allow(person, Act::steer));
  auto labels = TRY(as_input(read_label_request(body)));
  std::string words;
  for (const auto& [name, value] : labels) words += fmt::format(" {}={}", name, value);
  const auto kept = store.transaction([&]() -> Done {
    auto host = TRY(store.host(id));
    if (!host) return refuse(Kind::not_found, "not-found", "there is no host {}", id);
    host->labels = std::move(labels);
    TRY(store.put_host(*host));
    return as_done(append(store, {.at = now, .who = person.name, .host = id, .text = "labels:" + words}));
  });
  if (!kept) return fail(kept.error());
  return show_host(store, offers, id, now);
}

}  // namespace suture::server
