#include "server/domain/policy/policies.h"

#include "base/json.h"
#include "base/read_described.h"
#include "server/domain/audit.h"
#include "trust/tuf/time.h"

namespace suture::server {

BOOST_DESCRIBE_STRUCT(PolicyRequest, (), (text, expected))

namespace {

struct Summary {
  std::int64_t version = 0;
  std::string activated, by;
  bool holds = false;
};
BOOST_DESCRIBE_STRUCT(Summary, (), (version, activated, by, holds))

struct Shown {
  std::int64_t version = 0;
  std::string activated, by;
  bool holds = false;
  std::string text;
};
BOOST_DESCRIBE_STRUCT(Shown, (), (version, activated, by, holds, text))

}  // namespace

Result<PolicyRequest> read_policy_request(std::string_view body) {
  constexpr json::Limits limits{.bytes = 1 << 20, .depth = 2, .values = 10};
  return json::from_strict_text<PolicyRequest>(body, "body", limits);
}

Status Policies::load() {
  if (loaded_) return {};
  std::map<std::int64_t, Kept> all;
  for (auto& record : TRY(store_->policies())) {
    auto policy = TRY(read_policy(record.text, fmt::format("policy {}", record.version)));
    const auto version = record.version;
    all[version] = {std::move(record), std::move(policy)};
  }
  all_ = std::move(all);
  loaded_ = true;
  return {};
}

Outcome<std::string> Policies::activate(const Person& person, std::string_view body, Time now) {
  TRY(allow(person, Act::govern));
  auto request = TRY(as_input(read_policy_request(body)));
  auto policy = TRY(as_input(read_policy(request.text, "policy")));
  const auto before = TRY(active());
  if (request.expected != before)
    return refuse(Kind::conflict, "other-version", "version {} holds, not {}: look at what changed first", before,
                  request.expected);
  const PolicyVersion record{before + 1, now, person.name, std::move(request.text)};
  const auto kept = store_->transaction([&]() -> Done {
    TRY(store_->add_policy(record));
    return as_done(
        append(*store_, {.at = now, .who = person.name, .text = fmt::format("policy {} activated", record.version)}));
  });
  if (!kept) return fail(kept.error());
  all_[record.version] = {record, std::move(policy)};
  return show(record.version);
}

Outcome<PolicyList> Policies::list(std::int64_t after, std::size_t most) {
  const auto holding = TRY(active());
  std::vector<Summary> summaries;
  auto each = all_.upper_bound(after);
  for (; each != all_.end() && summaries.size() < most; ++each) {
    const auto& record = each->second.record;
    summaries.push_back({each->first, trust::tuf::format_time(record.at), record.by, each->first == holding});
  }
  return PolicyList{json::to_text(summaries), each == all_.end() ? 0 : summaries.back().version};
}

Outcome<std::string> Policies::show(std::int64_t version) {
  const auto holding = TRY(active());
  const auto found = all_.find(version);
  if (found == all_.end()) return refuse(Kind::not_found, "not-found", "there is no policy {}", version);
  const auto& record = found->second.record;
  return json::to_text(Shown{version, trust::tuf::format_time(record.at), record.by, version == holding, record.text});
}

Result<std::int64_t> Policies::active() {
  TRY(load());
  return all_.empty() ? 0 : all_.rbegin()->first;
}

Result<Time> Policies::activated(std::int64_t version) {
  TRY(load());
  const auto found = all_.find(version);
  if (found == all_.end()) return fail("there is no policy {}", version);
  return found->second.record.at;
}

Result<const Policy*> Policies::at(std::int64_t version) {
  TRY(load());
  if (version == 0) return nullptr;
  const auto found = all_.find(version);
  if (found == all_.end()) return fail("there is no policy {}", version);
  return &found->second.policy;
}

}  // namespace suture::server
