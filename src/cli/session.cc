#include "cli/session.h"

#include <sys/stat.h>

#include <array>
#include <cstdlib>
#include <random>
#include <thread>

#include "base/file.h"
#include "base/json.h"
#include "base/read_described.h"

namespace suture::cli {

BOOST_DESCRIBE_STRUCT(Login, (), (token, expires))

namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace): 250ms

struct Stored {
  std::string server, ca, token;
};
BOOST_DESCRIBE_STRUCT(Stored, (), (server, ca, token))

constexpr std::chrono::seconds patience{90};  // the server waits up to a minute for a look through its repository
/// Before a request is repeated: a server that starts again is there after the last of them.
constexpr std::array pauses{250ms, 500ms, 1000ms, 2000ms};

std::string random_key() {
  std::random_device source;  // the system's
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", source(), source(), source(), source());
}

/// <…>; rel="next" of RFC 8288, if it is a path: another server is not asked.
std::string next_of(std::string_view link) {
  const auto end = link.find(">; rel=\"next\"");
  return link.starts_with("</") && end != std::string_view::npos ? std::string(link.substr(1, end - 1)) : std::string();
}

Result<fs::path> session_file() {
  if (const char* config = std::getenv("XDG_CONFIG_HOME"); config != nullptr && *config != '\0')
    return fs::path(config) / "suture" / "session.json";
  const char* home = std::getenv("HOME");
  if (home == nullptr) return fail("neither HOME nor XDG_CONFIG_HOME is set");
  return fs::path(home) / ".config" / "suture" / "session.json";
}

bool is_success(const web::Response& answer) { return answer.status >= 200 && answer.status < 300; }

/// Why it is none, in the server's own words.
Error reason_of(const web::Response& answer) {
  const auto problem = json::parse(answer.body, "answer");
  const auto* object = problem ? problem->if_object() : nullptr;
  const auto* title = object == nullptr ? nullptr : object->if_contains("title");
  if (title == nullptr || !title->is_string()) return Error(fmt::format("the server answers {}", answer.status));
  return Error(plain(title->as_string()));
}

}  // namespace

Result<Login> ask_for_token(const std::string& server, const std::string& ca_file, const std::string& name,
                            const trust::Secret& password) {
  auto ca = TRY(read_text(ca_file));
  web::Client client(server, {.ca = std::move(ca)});
  const trust::Secret body(json::pretty({{"name", name}, {"password", password.reveal()}}));
  const auto answer = TRY(client.ask("POST", "/v1/login", body.reveal()));
  if (!is_success(answer)) return fail(reason_of(answer));
  return json::from_strict_text<Login>(answer.body, "answer");
}

Status log_in(const std::string& server, const std::string& ca_file, const std::string& token) {
  const auto file = TRY(session_file());
  auto ca = TRY(read_text(ca_file));
  Stored stored{server, std::move(ca), token};
  // Kept only if it works.
  web::Client client(stored.server, {.ca = stored.ca, .token = stored.token});
  const auto answer = TRY(client.ask("GET", "/v1/rollouts?limit=1", ""));
  if (answer.status == 401) return fail("{}: does not know this token, or its time is over", server);
  if (answer.status == 403) return fail(reason_of(answer), "{}", server);  // a token that is not for seeing anything
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

Result<web::Response> Session::ask(const std::string& method, const std::string& path, std::string_view body,
                                   std::chrono::seconds timeout) {
  std::vector<std::string> headers;
  if (method != "GET") headers.push_back(fmt::format("Idempotency-Key: \"{}\"", random_key()));
  auto asked = client_.ask(method, path, body, timeout, headers);
  for (const auto pause : pauses) {
    if (asked || !client_.was_cut_off()) break;
    std::this_thread::sleep_for(pause);
    asked = client_.ask(method, path, body, timeout, headers);
  }
  auto answer = TRY(std::move(asked));
  if (is_success(answer)) return answer;
  auto reason = reason_of(answer);
  if (answer.status == 401) return fail(std::move(reason).advise("suture login SERVER"));
  return fail(std::move(reason));
}

Result<std::string> Session::get(const std::string& path, std::chrono::seconds timeout) {
  return TRY(ask("GET", path, "", timeout)).body;
}
Result<std::string> Session::put(const std::string& path, std::string_view body) {
  return TRY(ask("PUT", path, body, patience)).body;
}
Result<std::string> Session::post(const std::string& path, std::string_view body) {
  return TRY(ask("POST", path, body, patience)).body;
}

Result<std::string> Session::list(const std::string& path) {
  auto page = TRY(ask("GET", path + "?limit=100", "", patience));
  auto next = next_of(page.link);
  if (next.empty()) return std::move(page.body);
  auto all = TRY(json::parse(page.body, "the server's answer"));
  while (!next.empty()) {
    page = TRY(ask("GET", next, "", patience));
    const auto more = TRY(json::parse(page.body, "the server's answer"));
    const auto* list = more.if_array();
    auto following = next_of(page.link);
    if (list == nullptr || !all.is_array() || list->empty() || following == next)
      return fail("the server speaks another language");
    all.as_array().insert(all.as_array().end(), list->begin(), list->end());
    next = std::move(following);
  }
  return json::pretty(all);
}

std::string plain(std::string_view text) {
  std::string shown(text);
  for (auto& each : shown)
    if (static_cast<unsigned char>(each) < ' ' || each == 0x7f) each = ' ';
  return shown;
}

}  // namespace suture::cli
