#include "server/store/sqlite.h"

#include <fmt/ranges.h>

#include "base/words.h"
#include "server/domain/people/roles.h"
#include "server/domain/rollouts/rollout_json.h"
#include "server/store/statement.h"

namespace suture::server {
namespace {

constexpr auto schema = R"(
CREATE TABLE token(digest TEXT PRIMARY KEY, uses INTEGER NOT NULL, expires INTEGER NOT NULL,
  labels TEXT NOT NULL) STRICT;
CREATE TABLE host(id TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, hostname TEXT NOT NULL,
  machine_id TEXT NOT NULL, enrolled INTEGER NOT NULL, held TEXT NOT NULL, labels TEXT NOT NULL) STRICT;
CREATE TABLE report(host TEXT NOT NULL REFERENCES host(id), sequence INTEGER NOT NULL,
  digest TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY(host, sequence)) STRICT;
CREATE TABLE person(name TEXT PRIMARY KEY, role TEXT NOT NULL, digest TEXT NOT NULL UNIQUE, key TEXT NOT NULL,
  expires INTEGER NOT NULL, password TEXT NOT NULL) STRICT;
CREATE TABLE access_token(digest TEXT PRIMARY KEY, person TEXT NOT NULL REFERENCES person(name),
  scope TEXT NOT NULL, expires INTEGER NOT NULL) STRICT;
CREATE TABLE login_failure(number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, in_a_row INTEGER NOT NULL,
  locked_until INTEGER NOT NULL) STRICT;
CREATE TABLE rollout(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL) STRICT;
CREATE TABLE recall(level INTEGER PRIMARY KEY, why TEXT NOT NULL) STRICT;
CREATE TABLE assignment(host TEXT NOT NULL REFERENCES host(id), sequence INTEGER NOT NULL, rollout TEXT NOT NULL,
  of_rollout INTEGER NOT NULL, level INTEGER NOT NULL, agent TEXT NOT NULL, not_after INTEGER NOT NULL,
  document TEXT NOT NULL,  PRIMARY KEY(host, sequence)) STRICT;
CREATE TABLE audit(sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, rollout TEXT NOT NULL,
  ring TEXT NOT NULL, host TEXT NOT NULL, text TEXT NOT NULL, digest TEXT NOT NULL) STRICT;
CREATE TABLE policy(version INTEGER PRIMARY KEY, at INTEGER NOT NULL, by TEXT NOT NULL, text TEXT NOT NULL) STRICT;
CREATE TABLE seen_level(build_id TEXT NOT NULL, level INTEGER NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY(build_id, level)) STRICT;
CREATE INDEX audit_of_rollout ON audit(rollout, sequence);
CREATE INDEX host_by_name ON host(hostname, id);
CREATE TABLE kept_answer(person TEXT NOT NULL, key TEXT NOT NULL, request TEXT NOT NULL, at INTEGER NOT NULL,
  status INTEGER NOT NULL, type TEXT NOT NULL, body TEXT NOT NULL, etag TEXT NOT NULL,
  PRIMARY KEY(person, key)) STRICT;
CREATE INDEX kept_answer_by_age ON kept_answer(at);
CREATE TABLE webhook(id TEXT PRIMARY KEY, url TEXT NOT NULL, secret TEXT NOT NULL, words TEXT NOT NULL,
  told INTEGER NOT NULL, failures INTEGER NOT NULL, failure TEXT NOT NULL, failed INTEGER NOT NULL) STRICT;
)";
constexpr std::int64_t schema_version = 5;
constexpr std::int64_t reports_kept = 1000;  // of each host
// At the pace at which wrong passwords are taken, so many take longer than the longest lock.
constexpr std::int64_t login_failures_kept = 10'000;

std::int64_t seconds(Time time) { return time.time_since_epoch().count(); }
Time time_at(std::int64_t seconds) { return Time(std::chrono::seconds(seconds)); }

class Sqlite : public Store {
 public:
  explicit Sqlite(sqlite3* database) : database_(database) {}

  Status execute(const char* sql) {
    char* text = nullptr;
    if (sqlite3_exec(database_.get(), sql, nullptr, nullptr, &text) == SQLITE_OK) return {};
    const std::string reason = text == nullptr ? "cannot be used" : text;
    sqlite3_free(text);
    return fail("{}: {}", sqlite3_db_filename(database_.get(), "main"), reason);
  }

  Done transaction(const std::function<Done()>& work) override {
    if (is_within()) return part(work);
    TRY(execute("BEGIN IMMEDIATE"));
    auto done = work();
    return done && gathers_ ? done : end(std::move(done));
  }

  Done gather(const std::function<Done()>& work) override {
    gathers_ = true;
    auto done = work();
    gathers_ = false;
    return is_within() ? end(std::move(done)) : done;
  }

  Status put_token(const EnrolmentToken& token) override {
    auto put = TRY(sql("INSERT INTO token VALUES(?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET uses = ?2, expires = ?3"));
    return put.bind(token.digest).bind(token.uses).bind(seconds(token.expires)).bind(to_text(token.labels)).run();
  }

  Result<std::optional<EnrolmentToken>> token(const std::string& digest) override {
    auto get = TRY(sql("SELECT uses, expires, labels FROM token WHERE digest = ?1"));
    if (!TRY(get.bind(digest).step())) return std::nullopt;
    return EnrolmentToken{digest, get.number(0), time_at(get.number(1)), TRY(read_labels(get.text(2)))};
  }

  Status put_host(const Host& host) override {
    auto put =
        TRY(sql("INSERT INTO host VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT(id) DO UPDATE SET "
                "key = ?2, hostname = ?3, machine_id = ?4, enrolled = ?5, held = ?6, labels = ?7"));
    put.bind(host.id).bind(host.key).bind(host.hostname).bind(host.machine_id).bind(seconds(host.enrolled));
    return put.bind(host.held).bind(to_text(host.labels)).run();
  }

  Result<std::optional<Host>> host(const std::string& id) override {
    auto get = TRY(sql("SELECT id, key, hostname, machine_id, enrolled, held, labels FROM host WHERE id = ?1"));
    if (!TRY(get.bind(id).step())) return std::nullopt;
    return TRY(read_host(get));
  }

  Result<bool> has_key(const std::string& key) override {
    auto get = TRY(sql("SELECT 1 FROM host WHERE key = ?1"));
    return get.bind(key).step();
  }

  Result<std::vector<Host>> hosts() override {
    auto get = TRY(sql("SELECT id, key, hostname, machine_id, enrolled, held, labels FROM host ORDER BY hostname, id"));
    return read_hosts(get);
  }

  Result<std::vector<Host>> hosts_after(const HostPlace& place, std::size_t most) override {
    auto get =
        TRY(sql("SELECT id, key, hostname, machine_id, enrolled, held, labels FROM host "
                "WHERE (hostname, id) > (?1, ?2) ORDER BY hostname, id LIMIT ?3"));
    get.bind(place.hostname).bind(place.id).bind(static_cast<std::int64_t>(most));
    return read_hosts(get);
  }

  Status add_report(const HostReport& report) override {
    auto add = TRY(sql("INSERT INTO report VALUES(?1, ?2, ?3, ?4, ?5)"));
    add.bind(report.host).bind(report.sequence).bind(report.digest).bind(seconds(report.at)).bind(report.body);
    TRY(add.run());
    auto forget = TRY(sql("DELETE FROM report WHERE host = ?1 AND sequence <= ?2"));
    return forget.bind(report.host).bind(report.sequence - reports_kept).run();
  }

  Result<std::optional<HostReport>> last_report(const std::string& host) override {
    auto get = TRY(sql("SELECT sequence, digest, at, body FROM report WHERE host = ?1 ORDER BY sequence DESC LIMIT 1"));
    if (!TRY(get.bind(host).step())) return std::nullopt;
    return HostReport{host, get.number(0), get.text(1), time_at(get.number(2)), get.text(3)};
  }

  Result<std::vector<HostReport>> reports(const std::string& host, Time from, Time until) override {
    auto get = TRY(sql(
        "SELECT sequence, digest, at, body FROM report WHERE host = ?1 AND at BETWEEN ?2 AND ?3 ORDER BY sequence"));
    get.bind(host).bind(seconds(from)).bind(seconds(until));
    std::vector<HostReport> reports;
    while (TRY(get.step())) reports.push_back({host, get.number(0), get.text(1), time_at(get.number(2)), get.text(3)});
    return reports;
  }

  Status put_person(const Person& person) override {
    auto put =
        TRY(sql("INSERT INTO person VALUES(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT(name) DO UPDATE SET "
                "role = ?2, digest = ?3, key = ?4, expires = ?5, password = ?6"));
    put.bind(person.name).bind(name_of(person.role)).bind(person.digest).bind(person.key);
    return put.bind(seconds(person.expires)).bind(person.password).run();
  }

  Result<std::optional<Person>> person(const std::string& name) override {
    auto get = TRY(sql("SELECT * FROM person WHERE name = ?1"));
    if (!TRY(get.bind(name).step())) return std::nullopt;
    return TRY(read_person(get));
  }

  Result<std::optional<Person>> person_of(const std::string& digest) override {
    auto get = TRY(sql("SELECT * FROM person WHERE digest = ?1"));
    if (!TRY(get.bind(digest).step())) return std::nullopt;
    return TRY(read_person(get));
  }

  Status add_access_token(const AccessToken& token, Time now) override {
    auto forget = TRY(sql("DELETE FROM access_token WHERE expires <= ?1"));
    TRY(forget.bind(seconds(now)).run());
    auto add = TRY(sql("INSERT INTO access_token VALUES(?1, ?2, ?3, ?4)"));
    return add.bind(token.digest).bind(token.person).bind(to_text(token.scope)).bind(seconds(token.expires)).run();
  }

  Result<std::optional<AccessToken>> access_token(const std::string& digest) override {
    auto get = TRY(sql("SELECT person, scope, expires FROM access_token WHERE digest = ?1"));
    if (!TRY(get.bind(digest).step())) return std::nullopt;
    auto scope = TRY(read_scope(get.text(1)));
    return AccessToken{digest, get.text(0), std::move(scope), time_at(get.number(2))};
  }

  Status forget_access_tokens(const std::string& person) override {
    auto forget = TRY(sql("DELETE FROM access_token WHERE person = ?1"));
    return forget.bind(person).run();
  }

  // Replacing gives the row a new number: the oldest is the one that was not tried for longest.
  Status put_login_failures(const LoginFailures& failures) override {
    auto put = TRY(sql("INSERT OR REPLACE INTO login_failure(name, in_a_row, locked_until) VALUES(?1, ?2, ?3)"));
    TRY(put.bind(failures.name).bind(failures.in_a_row).bind(seconds(failures.locked_until)).run());
    auto forget = TRY(sql("DELETE FROM login_failure WHERE number <= (SELECT max(number) FROM login_failure) - ?1"));
    return forget.bind(login_failures_kept).run();
  }

  Result<std::optional<LoginFailures>> login_failures(const std::string& name) override {
    auto get = TRY(sql("SELECT in_a_row, locked_until FROM login_failure WHERE name = ?1"));
    if (!TRY(get.bind(name).step())) return std::nullopt;
    return LoginFailures{name, get.number(0), time_at(get.number(1))};
  }

  Status forget_login_failures(const std::string& name) override {
    auto forget = TRY(sql("DELETE FROM login_failure WHERE name = ?1"));
    return forget.bind(name).run();
  }

  Status put_rollout(const Rollout& rollout) override {
    auto put = TRY(sql("INSERT INTO rollout(id, body) VALUES(?1, ?2) ON CONFLICT(id) DO UPDATE SET body = ?2"));
    return put.bind(rollout.id).bind(to_text(rollout)).run();
  }

  Result<std::vector<Rollout>> rollouts() override {
    auto get = TRY(sql("SELECT body FROM rollout ORDER BY number"));
    std::vector<Rollout> rollouts;
    while (TRY(get.step())) {
      auto rollout = TRY(read_rollout(get.text(0)));
      rollouts.push_back(std::move(rollout));
    }
    return rollouts;
  }

  Status put_recall(rollout::Level level, const std::string& why) override {
    auto put = TRY(sql("INSERT INTO recall VALUES(?1, ?2) ON CONFLICT DO UPDATE SET why = ?2"));
    return put.bind(std::int64_t{level}).bind(why).run();
  }

  Result<std::optional<std::string>> recalled(rollout::Level level) override {
    auto get = TRY(sql("SELECT why FROM recall WHERE level = ?1"));
    if (!TRY(get.bind(std::int64_t{level}).step())) return std::nullopt;
    return get.text(0);
  }

  Result<std::vector<rollout::Level>> recalls() override {
    auto get = TRY(sql("SELECT level FROM recall ORDER BY level"));
    std::vector<rollout::Level> levels;
    while (TRY(get.step())) levels.push_back(static_cast<rollout::Level>(get.number(0)));
    return levels;
  }

  Status add_policy(const PolicyVersion& policy) override {
    auto add = TRY(sql("INSERT INTO policy VALUES(?1, ?2, ?3, ?4)"));
    return add.bind(policy.version).bind(seconds(policy.at)).bind(policy.by).bind(policy.text).run();
  }

  Result<std::vector<PolicyVersion>> policies() override {
    auto get = TRY(sql("SELECT version, at, by, text FROM policy ORDER BY version"));
    std::vector<PolicyVersion> policies;
    while (TRY(get.step())) policies.push_back({get.number(0), time_at(get.number(1)), get.text(2), get.text(3)});
    return policies;
  }

  Status add_seen_level(const SeenLevel& level) override {
    auto add = TRY(sql("INSERT INTO seen_level VALUES(?1, ?2, ?3) ON CONFLICT DO NOTHING"));
    return add.bind(level.build_id).bind(std::int64_t{level.level}).bind(seconds(level.at)).run();
  }

  Result<std::vector<SeenLevel>> seen_levels() override {
    auto get = TRY(sql("SELECT build_id, level, at FROM seen_level ORDER BY build_id, level"));
    std::vector<SeenLevel> levels;
    while (TRY(get.step()))
      levels.push_back({get.text(0), static_cast<rollout::Level>(get.number(1)), time_at(get.number(2))});
    return levels;
  }

  Status add_assignment(const AssignmentRecord& made) override {
    auto add = TRY(sql("INSERT INTO assignment VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"));
    add.bind(made.host).bind(made.sequence).bind(made.rollout).bind(static_cast<std::int64_t>(made.order));
    add.bind(std::int64_t{made.level}).bind(made.agent).bind(seconds(made.not_after)).bind(made.document);
    return add.run();
  }

  Result<std::optional<AssignmentRecord>> last_assignment(const std::string& host) override {
    auto get = TRY(sql("SELECT * FROM assignment WHERE host = ?1 ORDER BY sequence DESC LIMIT 1"));
    if (!TRY(get.bind(host).step())) return std::nullopt;
    return read_assignment(get);
  }

  Result<std::optional<AssignmentRecord>> assignment(const std::string& host, std::int64_t sequence) override {
    auto get = TRY(sql("SELECT * FROM assignment WHERE host = ?1 AND sequence = ?2"));
    if (!TRY(get.bind(host).bind(sequence).step())) return std::nullopt;
    return read_assignment(get);
  }

  Status add_audit(const AuditEntry& entry) override {
    auto add = TRY(sql("INSERT INTO audit VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"));
    add.bind(entry.sequence).bind(seconds(entry.at)).bind(entry.who).bind(entry.rollout).bind(entry.ring);
    return add.bind(entry.host).bind(entry.text).bind(entry.digest).run();
  }

  Result<std::optional<AuditEntry>> last_audit() override {
    auto get = TRY(sql("SELECT * FROM audit ORDER BY sequence DESC LIMIT 1"));
    if (!TRY(get.step())) return std::nullopt;
    return read_audit(get);
  }

  Result<std::vector<AuditEntry>> audit_after(std::int64_t sequence, const std::string& rollout,
                                              std::size_t most) override {
    auto get =
        TRY(sql(rollout.empty() ? "SELECT * FROM audit WHERE sequence > ?1 AND ?2 = '' ORDER BY sequence LIMIT ?3"
                                : "SELECT * FROM audit WHERE sequence > ?1 AND rollout = ?2 "
                                  "ORDER BY sequence LIMIT ?3"));
    get.bind(sequence).bind(rollout).bind(static_cast<std::int64_t>(most));
    std::vector<AuditEntry> entries;
    while (TRY(get.step())) entries.push_back(read_audit(get));
    return entries;
  }

  Status keep_answer(const KeptAnswer& answer, Time since) override {
    auto forget = TRY(sql("DELETE FROM kept_answer WHERE at < ?1"));
    TRY(forget.bind(seconds(since)).run());
    auto add = TRY(sql("INSERT INTO kept_answer VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"));
    add.bind(answer.person).bind(answer.key).bind(answer.request).bind(seconds(answer.at)).bind(answer.status);
    return add.bind(answer.type).bind(answer.body).bind(answer.etag).run();
  }

  Result<std::optional<KeptAnswer>> kept_answer(const std::string& person, const std::string& key,
                                                Time since) override {
    auto get =
        TRY(sql("SELECT request, at, status, type, body, etag FROM kept_answer "
                "WHERE person = ?1 AND key = ?2 AND at >= ?3"));
    if (!TRY(get.bind(person).bind(key).bind(seconds(since)).step())) return std::nullopt;
    return KeptAnswer{person,        key,         get.text(0), time_at(get.number(1)),
                      get.number(2), get.text(3), get.text(4), get.text(5)};
  }

  Status add_webhook(const Webhook& made) override {
    auto add = TRY(sql("INSERT INTO webhook VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"));
    add.bind(made.id).bind(made.url).bind(made.secret).bind(fmt::format("{}", fmt::join(made.words, " ")));
    return add.bind(made.told).bind(made.failures).bind(made.failure).bind(seconds(made.failed)).run();
  }

  Result<std::vector<Webhook>> webhooks() override {
    auto get = TRY(sql("SELECT * FROM webhook ORDER BY id"));
    std::vector<Webhook> webhooks;
    while (TRY(get.step())) {
      const auto text = get.text(3);
      const auto words = words_of(text);
      webhooks.push_back({get.text(0),
                          get.text(1),
                          get.text(2),
                          {words.begin(), words.end()},
                          get.number(4),
                          get.number(5),
                          get.text(6),
                          time_at(get.number(7))});
    }
    return webhooks;
  }

  Status note_delivery(const Webhook& known) override {
    auto put = TRY(sql("UPDATE webhook SET told = ?2, failures = ?3, failure = ?4, failed = ?5 WHERE id = ?1"));
    put.bind(known.id).bind(known.told).bind(known.failures).bind(known.failure);
    return put.bind(seconds(known.failed)).run();
  }

  Result<bool> remove_webhook(const std::string& id) override {
    auto remove = TRY(sql("DELETE FROM webhook WHERE id = ?1"));
    TRY(remove.bind(id).run());
    return sqlite3_changes(database_.get()) != 0;
  }

  /// A new database gets its tables; one of another version is not touched.
  Status prepare() {
    TRY(execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON"));
    auto done = transaction([&]() -> Done {
      auto get = TRY(sql("SELECT user_version, (SELECT count(*) FROM sqlite_schema) FROM pragma_user_version"));
      TRY(get.step());
      if (get.number(0) == schema_version) return {};
      if (get.number(1) != 0)
        return refuse(Kind::failed, "failed", "{}: was made by another version of suture-server (schema {}, not {})",
                      sqlite3_db_filename(database_.get(), "main"), get.number(0), schema_version);
      TRY(execute(fmt::format("{} PRAGMA user_version = {}", schema, schema_version).c_str()));
      return {};
    });
    if (!done) return fail("{}", done.error().message);
    return {};
  }

 private:
  bool is_within() const { return sqlite3_get_autocommit(database_.get()) == 0; }

  Done part(const std::function<Done()>& work) {
    TRY(execute("SAVEPOINT part"));
    auto done = work();
    TRY(execute(done ? "RELEASE part" : "ROLLBACK TO part; RELEASE part"));
    return done;
  }

  Done end(Done done) {
    if (done) {
      if (auto committed = execute("COMMIT"); !committed) done = fail(Refusal(committed.error()));
    }
    if (!done) (void)execute("ROLLBACK");
    return done;
  }

  Result<Statement> sql(std::string_view text) { return Statement::prepare(database_.get(), text); }

  static Result<Host> read_host(const Statement& row) {
    auto labels = TRY(read_labels(row.text(6)));
    return Host{row.text(0), row.text(1),      row.text(2), row.text(3), time_at(row.number(4)),
                row.text(5), std::move(labels)};
  }

  static Result<std::vector<Host>> read_hosts(Statement& rows) {
    std::vector<Host> hosts;
    while (TRY(rows.step())) {
      auto host = TRY(read_host(rows));
      hosts.push_back(std::move(host));
    }
    return hosts;
  }

  static Result<Person> read_person(const Statement& row) {
    const auto role = TRY(role_of(row.text(1)));
    return Person{row.text(0), role, row.text(2), row.text(3), time_at(row.number(4)), row.text(5)};
  }

  static AssignmentRecord read_assignment(const Statement& row) {
    return {row.text(0),
            row.number(1),
            row.text(2),
            static_cast<std::uint64_t>(row.number(3)),
            static_cast<rollout::Level>(row.number(4)),
            row.text(5),
            time_at(row.number(6)),
            row.text(7)};
  }

  static AuditEntry read_audit(const Statement& row) {
    return {row.number(0), time_at(row.number(1)), row.text(2), row.text(3), row.text(4), row.text(5), row.text(6),
            row.text(7)};
  }

  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
  };
  std::unique_ptr<sqlite3, Close> database_;
  bool gathers_ = false;
};

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite(const std::filesystem::path& path) {
  sqlite3* database = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  auto store = std::make_unique<Sqlite>(database);
  if (code != SQLITE_OK) return fail("{}: cannot be opened: {}", path.string(), sqlite3_errstr(code));
  sqlite3_busy_timeout(database, 10'000);
  TRY(store->prepare());
  return store;
}

}  // namespace suture::server
