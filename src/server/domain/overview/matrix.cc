#include "server/domain/overview/matrix.h"

#include <algorithm>
#include <optional>
#include <set>

#include "base/json.h"
#include "server/domain/hosts/report_view.h"
#include "trust/tuf/time.h"

namespace suture::server {
namespace {

struct LevelView {
  std::int64_t level = 0;
  std::string name, since;
  bool recalled = false, evidence = false;
  std::vector<std::string> fixes, withdraws;
};
BOOST_DESCRIBE_STRUCT(LevelView, (), (level, name, since, recalled, evidence, fixes, withdraws))

struct KernelView {
  std::string release, build_id;
  std::int64_t hosts = 0, floor = 0;
  std::vector<LevelView> levels;
  std::vector<std::string> lacks;  ///< fixes that other kernels of the fleet have
};
BOOST_DESCRIBE_STRUCT(KernelView, (), (release, build_id, hosts, floor, levels, lacks))

struct Cell {
  std::string release, build_id, state;  ///< "fixed", "open", "not built"
  std::int64_t level = 0, hosts = 0, fixed = 0;
  std::string due;
  bool overdue = false;
};
BOOST_DESCRIBE_STRUCT(Cell, (), (release, build_id, state, level, hosts, fixed, due, overdue))

struct FixView {
  std::string id, kind, severity;
  std::vector<std::string> cves;
  std::vector<Cell> kernels;
};
BOOST_DESCRIBE_STRUCT(FixView, (), (id, kind, severity, cves, kernels))

struct ReleaseView {
  std::int64_t release = 0;
  std::string version;
  std::int64_t hosts = 0;
};
BOOST_DESCRIBE_STRUCT(ReleaseView, (), (release, version, hosts))

struct AgentView {
  std::int64_t floor = 0;
  std::vector<ReleaseView> releases;
  std::int64_t other_hosts = 0;  ///< that run none of them, or did not say
};
BOOST_DESCRIBE_STRUCT(AgentView, (), (floor, releases, other_hosts))

struct View {
  std::string failure;
  std::vector<KernelView> kernels;
  std::vector<FixView> fixes;
  AgentView agent;
};
BOOST_DESCRIBE_STRUCT(View, (), (failure, kernels, fixes, agent))

/// Hosts of one kernel, by the level that they run.
struct Running {
  std::string release;
  std::map<rollout::Level, std::int64_t> at{};
  std::int64_t hosts() const {
    std::int64_t sum = 0;
    for (const auto& [level, count] : at) sum += count;
    return sum;
  }
};

class Matrix {
 public:
  static Result<Matrix> make(Store& store, Catalogue& catalogue, Policies& policies, Time now) {
    Matrix made(catalogue.offers(), now);
    for (const auto& host : TRY(store.hosts())) {
      const auto last = TRY(store.last_report(host.id));
      if (!last || !host.held.empty()) continue;
      const auto seen = TRY(view(*last));
      auto& running = made.fleet_[seen.build_id];
      running.release = seen.release;
      ++running.at[seen.report.level];
      ++made.agents_[seen.agent];
    }
    for (const auto& each : TRY(store.seen_levels())) made.since_[{each.build_id, each.level}] = each.at;
    const auto recalled = TRY(store.recalls());
    made.recalled_ = {recalled.begin(), recalled.end()};
    const auto version = TRY(policies.active());
    if (const auto* policy = TRY(policies.at(version))) made.deadlines_ = policy->deadlines;
    return made;
  }

  View view_all() const {
    View made{.failure = offers_->failure, .kernels = {}, .fixes = fixes(), .agent = agent()};
    for (const auto& [build_id, release] : kernels()) made.kernels.push_back(kernel(build_id, release, made.fixes));
    return made;
  }

  std::vector<FixView> fixes() const {
    std::map<std::string, FixView> all;
    for (const auto& [build_id, offer] : offers_->kernels)
      for (const auto& level : offer.index.levels)
        for (const auto& fix : level.fixes)
          all.try_emplace(fix.id, FixView{fix.id, fix.kind, fix.severity, fix.cves, {}});
    std::vector<FixView> made;
    for (auto& [id, fix] : all) {
      for (const auto& [build_id, release] : kernels()) fix.kernels.push_back(cell(fix, build_id, release));
      made.push_back(std::move(fix));
    }
    return made;
  }

 private:
  Matrix(std::shared_ptr<const Offers> offers, Time now) : offers_(std::move(offers)), now_(now) {}

  AgentView agent() const {
    AgentView made;
    for (const auto& [version, hosts] : agents_) made.other_hosts += hosts;
    if (!offers_->agent) return made;
    made.floor = offers_->agent->floor;
    for (const auto& each : offers_->agent->releases) {
      const auto running = agents_.find(each.version);
      const auto hosts = running == agents_.end() ? 0 : running->second;
      made.releases.push_back({each.release, each.version, hosts});
      made.other_hosts -= hosts;
    }
    return made;
  }

  /// Of the fleet, and of the repository.
  std::map<std::string, std::string> kernels() const {
    std::map<std::string, std::string> all;
    for (const auto& [build_id, running] : fleet_) all[build_id] = running.release;
    for (const auto& [build_id, offer] : offers_->kernels) all[build_id] = offer.index.release;
    return all;
  }

  const KernelOffer* offer_of(const std::string& build_id) const {
    const auto found = offers_->kernels.find(build_id);
    return found == offers_->kernels.end() ? nullptr : &found->second;
  }

  KernelView kernel(const std::string& build_id, const std::string& release, const std::vector<FixView>& fixes) const {
    KernelView made{.release = release, .build_id = build_id, .levels = {}, .lacks = {}};
    if (const auto running = fleet_.find(build_id); running != fleet_.end()) made.hosts = running->second.hosts();
    if (const auto* offer = offer_of(build_id)) {
      made.floor = offer->index.floor;
      for (const auto& level : offer->index.levels) made.levels.push_back(level_view(build_id, *offer, level));
    }
    for (const auto& fix : fixes)
      for (const auto& each : fix.kernels)
        if (each.build_id == build_id && each.state == "not built") made.lacks.push_back(fix.id);
    return made;
  }

  LevelView level_view(const std::string& build_id, const KernelOffer& offer, const trust::IndexedLevel& level) const {
    LevelView made{.level = level.level,
                   .name = level.name,
                   .since = {},
                   .recalled = recalled_.contains(level.level),
                   .fixes = {},
                   .withdraws = level.withdraws};
    if (const auto since = since_.find({build_id, level.level}); since != since_.end())
      made.since = trust::tuf::format_time(since->second);
    if (const auto known = offer.levels.find(level.level); known != offer.levels.end())
      made.evidence = known->second.has_evidence;
    for (const auto& fix : level.fixes) made.fixes.push_back(fix.id);
    return made;
  }

  Cell cell(const FixView& fix, const std::string& build_id, const std::string& release) const {
    Cell made{.release = release, .build_id = build_id, .state = "not built", .due = {}};
    const auto running = fleet_.find(build_id);
    if (running != fleet_.end()) made.hosts = running->second.hosts();
    const auto* offer = offer_of(build_id);
    if (offer == nullptr) return made;
    const auto has = [&](const trust::IndexedLevel& level) {
      return std::ranges::find(level.fixes, fix.id, &trust::IndexedFix::id) != level.fixes.end();
    };
    const auto first = std::ranges::find_if(offer->index.levels, has);
    if (first == offer->index.levels.end()) return made;
    made.level = first->level;
    for (const auto& level : offer->index.levels)
      if (has(level) && running != fleet_.end())
        if (const auto at = running->second.at.find(level.level); at != running->second.at.end())
          made.fixed += at->second;
    made.state = made.fixed == made.hosts ? "fixed" : "open";
    const auto deadline = deadlines_.find(fix.severity);
    const auto since = since_.find({build_id, first->level});
    if (made.state == "fixed" || deadline == deadlines_.end() || since == since_.end()) return made;
    const auto due = since->second + deadline->second;
    made.due = trust::tuf::format_time(due);
    made.overdue = due < now_;
    return made;
  }

  std::shared_ptr<const Offers> offers_;
  Time now_;
  std::map<std::string, Running> fleet_{};        ///< by build-id
  std::map<std::string, std::int64_t> agents_{};  ///< hosts by the version of their agent
  std::map<std::pair<std::string, rollout::Level>, Time> since_{};
  std::set<rollout::Level> recalled_{};
  Deadlines deadlines_{};
};

}  // namespace

Outcome<std::string> view_catalogue(Store& store, Catalogue& catalogue, Policies& policies, Time now) {
  const auto matrix = TRY(Matrix::make(store, catalogue, policies, now));
  return json::to_text(matrix.view_all());
}

Status note_seen_levels(Store& store, const Offers& offers, Time now) {
  std::set<std::pair<std::string, rollout::Level>> known;
  for (const auto& each : TRY(store.seen_levels())) known.insert({each.build_id, each.level});
  for (const auto& [build_id, offer] : offers.kernels)
    for (const auto& level : offer.index.levels)
      if (!known.contains({build_id, level.level})) TRY(store.add_seen_level({build_id, level.level, now}));
  return {};
}

Result<std::map<std::string, std::int64_t>> overdue_hosts(Store& store, Catalogue& catalogue, Policies& policies,
                                                          Time now) {
  const auto matrix = TRY(Matrix::make(store, catalogue, policies, now));
  std::map<std::string, std::int64_t> overdue;
  for (const auto& fix : matrix.fixes())
    for (const auto& cell : fix.kernels)
      if (cell.overdue) overdue[fix.severity] += cell.hosts - cell.fixed;
  return overdue;
}

}  // namespace suture::server
