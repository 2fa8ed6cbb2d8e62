#include "cli/session.h"

#include <sys/stat.h>

#include <cstdlib>

#include "base/file.h"
#include "base/json.h"
#include "base/read_described.h"

namespace suture::cli {

BOOST_DESCRIBE_STRUCT(Login, (), (token, expires))

namespace {

struct Stored {
  std::string server, ca, token;
};
BOOST_DESCRIBE_STRUCT(Stored, (), (server, ca, token))

Result<fs::path> session_file() {
  if (const char* config = std::getenv("XDG_CONFIG_HOME"); config != nullptr && *config != '\0')
    return fs::path(config) / "suture" / "session.json";
  const char* home = std::getenv("HOME");
  if (home == nullptr) return fail("neither HOME nor XDG_CONFIG_HOME is set");
  return fs::path(home) / ".config" / "suture" / "session.json";
}

/// What was answered, or the server's own words for why not.
Result<std::string> body_of(web::Response answer) {
  if (answer.status >= 200 && answer.status < 300) return std::move(answer.body);
  const auto problem = json::parse(answer.body, "answer");
  const auto* object = problem ? problem->if_object() : nullptr;
  const auto* title = object == nullptr ? nullptr : object->if_contains("title");
  if (title == nullptr || !title->is_string()) return fail("the server answers {}", answer.status);
  return fail("{}", plain(title->as_string()));
}

}  // namespace

Result<Login> ask_for_token(const std::string& server, const std::string& ca_file, const std::string& name,
                            const trust::Secret& password) {
  auto ca = TRY(read_text(ca_file));
  web::Client client(server, {.ca = std::move(ca)});
  const trust::Secret body(json::pretty({{"name", name}, {"password", password.reveal()}}));
  auto answer = TRY(client.ask("POST", "/v1/login", body.reveal()));
  const auto text = TRY(body_of(std::move(answer)));
  return json::from_strict_text<Login>(text, "answer");
}

Status log_in(const std::string& server, const std::string& ca_file, const std::string& token) {
  const auto file = TRY(session_file());
  auto ca = TRY(read_text(ca_file));
  Stored stored{server, std::move(ca), token};
  // Kept only if it works.
  web::Client client(stored.server, {.ca = stored.ca, .token = stored.token});
  const auto answer = TRY(client.ask("GET", "/v1/rollouts", ""));
  if (answer.status == 401) return fail("{}: does not know this token, or its time is over", server);
  if (answer.status == 403) TRY(body_of(answer), "{}", server);  // a token that is not for seeing anything
  if (answer.status != 200) return fail("{}: answers {}; is it suture-server?", server, answer.status);
  TRY(make_directories(file.parent_path()));
  if (::chmod(file.parent_path().c_str(), 0700) != 0)
    return fail("{}: cannot be made private", file.parent_path().string());
  TRY(write_text(file, json::to_text(stored)));
  if (::chmod(file.c_str(), 0600) != 0) return fail("{}: cannot be made private", file.string());
  return {};
}

Result<Session> Session::open() {
  const auto file = TRY(session_file());
  if (!fs::exists(file)) return fail(Error("you are not logged in").advise("suture login SERVER"));
  const auto text = TRY(read_text(file));
  auto stored = TRY(json::from_strict_text<Stored>(text, file.string()));
  return Session(web::Client(stored.server, {.ca = std::move(stored.ca), .token = std::move(stored.token)}));
}

Result<std::string> Session::ask(const std::string& method, const std::string& path, std::string_view body,
                                 std::chrono::seconds timeout) {
  auto answer = TRY(client_.ask(method, path, body, timeout));
  const bool is_over = answer.status == 401;
  auto answered = body_of(std::move(answer));
  if (is_over) return fail(std::move(answered).error().advise("suture login SERVER"));
  return answered;
}

Result<std::string> Session::get(const std::string& path, std::chrono::seconds timeout) {
  return ask("GET", path, "", timeout);
}
Result<std::string> Session::put(const std::string& path, std::string_view body) {
  return ask("PUT", path, body, std::chrono::seconds(30));
}
Result<std::string> Session::post(const std::string& path, std::string_view body) {
  return ask("POST", path, body, std::chrono::seconds(30));
}

std::string plain(std::string_view text) {
  std::string shown(text);
  for (auto& each : shown)
    if (static_cast<unsigned char>(each) < ' ' || each == 0x7f) each = ' ';
  return shown;
}

}  // namespace suture::cli
