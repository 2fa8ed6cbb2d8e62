#include "server/store/sqlite.h"

#include "server/store/statement.h"

namespace suture::server {
namespace {

constexpr auto schema = R"(
CREATE TABLE IF NOT EXISTS token(digest TEXT PRIMARY KEY, uses INTEGER NOT NULL, expires INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS host(id TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, hostname TEXT NOT NULL,
  machine_id TEXT NOT NULL, enrolled INTEGER NOT NULL, held TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS report(host TEXT NOT NULL REFERENCES host(id), sequence INTEGER NOT NULL,
  digest TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY(host, sequence)) STRICT;
)";

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
    TRY(execute("BEGIN IMMEDIATE"));
    auto done = work();
    if (done) {
      if (auto committed = execute("COMMIT"); !committed) done = fail(Refusal(committed.error()));
    }
    if (!done) (void)execute("ROLLBACK");
    return done;
  }

  Status put_token(const EnrolmentToken& token) override {
    auto put = TRY(sql("INSERT INTO token VALUES(?1, ?2, ?3) ON CONFLICT DO UPDATE SET uses = ?2, expires = ?3"));
    return put.bind(token.digest).bind(token.uses).bind(seconds(token.expires)).run();
  }

  Result<std::optional<EnrolmentToken>> token(const std::string& digest) override {
    auto get = TRY(sql("SELECT uses, expires FROM token WHERE digest = ?1"));
    if (!TRY(get.bind(digest).step())) return std::nullopt;
    return EnrolmentToken{digest, get.number(0), time_at(get.number(1))};
  }

  Status put_host(const Host& host) override {
    auto put =
        TRY(sql("INSERT INTO host VALUES(?1, ?2, ?3, ?4, ?5, ?6) "
                "ON CONFLICT(id) DO UPDATE SET key = ?2, hostname = ?3, machine_id = ?4, enrolled = ?5, held = ?6"));
    put.bind(host.id).bind(host.key).bind(host.hostname).bind(host.machine_id).bind(seconds(host.enrolled));
    return put.bind(host.held).run();
  }

  Result<std::optional<Host>> host(const std::string& id) override {
    auto get = TRY(sql("SELECT id, key, hostname, machine_id, enrolled, held FROM host WHERE id = ?1"));
    if (!TRY(get.bind(id).step())) return std::nullopt;
    return read_host(get);
  }

  Result<bool> has_key(const std::string& key) override {
    auto get = TRY(sql("SELECT 1 FROM host WHERE key = ?1"));
    return get.bind(key).step();
  }

  Result<std::vector<Host>> hosts() override {
    auto get = TRY(sql("SELECT id, key, hostname, machine_id, enrolled, held FROM host ORDER BY hostname, id"));
    std::vector<Host> hosts;
    while (TRY(get.step())) hosts.push_back(read_host(get));
    return hosts;
  }

  Status add_report(const HostReport& report) override {
    auto add = TRY(sql("INSERT INTO report VALUES(?1, ?2, ?3, ?4, ?5)"));
    add.bind(report.host).bind(report.sequence).bind(report.digest).bind(seconds(report.at)).bind(report.body);
    return add.run();
  }

  Result<std::optional<HostReport>> last_report(const std::string& host) override {
    auto get = TRY(sql("SELECT sequence, digest, at, body FROM report WHERE host = ?1 ORDER BY sequence DESC LIMIT 1"));
    if (!TRY(get.bind(host).step())) return std::nullopt;
    return HostReport{host, get.number(0), get.text(1), time_at(get.number(2)), get.text(3)};
  }

 private:
  Result<Statement> sql(std::string_view text) { return Statement::prepare(database_.get(), text); }

  static Host read_host(const Statement& row) {
    return {row.text(0), row.text(1), row.text(2), row.text(3), time_at(row.number(4)), row.text(5)};
  }

  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
  };
  std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite(const std::filesystem::path& path) {
  sqlite3* database = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  auto store = std::make_unique<Sqlite>(database);
  if (code != SQLITE_OK) return fail("{}: cannot be opened: {}", path.string(), sqlite3_errstr(code));
  sqlite3_busy_timeout(database, 10'000);
  TRY(store->execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON"));
  TRY(store->execute(schema));
  return store;
}

}  // namespace suture::server
