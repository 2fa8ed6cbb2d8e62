#include "repository/url_source.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "repository/bundle.h"
#include "repository/helper.h"
#include "trust/archive.h"

namespace suture::repository {
namespace {

Status give_to(const fs::path& path, const std::string& name) {
  const auto user = TRY(user_of(name));
  if (user && ::chown(path.c_str(), user->uid, user->gid) != 0)
    return fail("{}: cannot give it to {}: {}", path.string(), name, std::strerror(errno));
  return {};
}

class UrlSource : public Source {
 public:
  UrlSource(std::string url, const FetchOptions& options, TempDir spool, Helper fetcher)
      : url_(std::move(url)),
        patience_{options.timeout, options.meanwhile},
        spool_(std::move(spool)),
        fetcher_(std::move(fetcher)) {}

  Result<std::optional<Bytes>> fetch(const std::string& path, std::uint64_t most) override {
    if (!trust::is_clean_name(path)) return fail("{}: '{}' is no name of a file", url_, path);
    TRY(fetcher_.send(fmt::format("GET {} {}\n", most, path), patience_), "{}", url_);
    const auto answer = TRY(fetcher_.line(patience_), "{}", url_);
    if (answer == "NOT-FOUND") return std::nullopt;
    constexpr std::string_view good = "OK ", bad = "ERROR ";
    if (answer.starts_with(bad)) return fail("{}", answer.substr(bad.size()));
    const auto name = answer.starts_with(good) ? answer.substr(good.size()) : std::string();
    if (name.empty() || name.find_first_not_of("0123456789") != std::string::npos) {
      return fail("{}: suture-fetch answers in another language", url_);
    }
    auto file = read_plain_file(spool_.path() / name, most + 1);
    std::error_code ignored;
    fs::remove(spool_.path() / name, ignored);
    if (file && !*file) return fail("{}: suture-fetch says that it has {}, and has not", url_, path);
    return file;
  }
  std::string name() const override { return url_; }

 private:
  std::string url_;
  Helper::Patience patience_;
  TempDir spool_;  // outlives the fetcher
  Helper fetcher_;
};

}  // namespace

bool is_url(const std::string& text) { return text.starts_with("https://") || text.starts_with("http://"); }

Result<std::unique_ptr<Source>> url_source(const std::string& url, const FetchOptions& options) {
  auto spool = TRY(TempDir::make(options.spool.empty() ? std::nullopt : std::optional(options.spool)));
  TRY(give_to(spool.path(), options.user));
  std::vector<std::string> argv{options.program.string(), url, spool.path().string()};
  if (!options.proxy.empty()) argv.insert(argv.end(), {"--proxy", options.proxy});
  if (!options.ca_file.empty()) argv.insert(argv.end(), {"--ca-file", options.ca_file});
  auto fetcher = TRY(Helper::start(argv, options.user));
  return std::unique_ptr<Source>(std::make_unique<UrlSource>(url, options, std::move(spool), std::move(fetcher)));
}

Result<std::unique_ptr<Source>> open_source(const std::string& where, const FetchOptions& options) {
  if (is_url(where)) return url_source(where, options);
  std::error_code code;
  if (fs::is_regular_file(where, code)) return bundle_source(where);
  return directory_source(where);
}

}  // namespace suture::repository
