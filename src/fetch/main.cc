// suture-fetch: gets files from one address into one directory, as src/repository/url_source.h asks it to.
//
// It needs no right but to speak to the network and to write to its spool directory, and knows nothing of what
// it fetches: whoever asked verifies every byte.
#include <curl/curl.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace {

struct Arguments {
  std::string url, spool, proxy, ca_file;
};

constexpr auto usage = "usage: suture-fetch URL SPOOL [--proxy URL] [--ca-file FILE]\n";

std::optional<Arguments> read_arguments(int argc, char** argv) {
  if (argc < 3 || argc % 2 == 0) return std::nullopt;
  Arguments arguments{.url = argv[1], .spool = argv[2], .proxy = {}, .ca_file = {}};
  while (arguments.url.ends_with('/')) arguments.url.pop_back();
  for (int i = 3; i < argc; i += 2) {
    const std::string_view option = argv[i];
    if (option == "--proxy") {
      arguments.proxy = argv[i + 1];
    } else if (option == "--ca-file") {
      arguments.ca_file = argv[i + 1];
    } else {
      return std::nullopt;
    }
  }
  return arguments;
}

/// One file on its way, which may not grow beyond what was asked for.
struct Download {
  int fd = -1;
  std::uint64_t left = 0;
  bool cut = false;     ///< there was more than was asked for
  bool failed = false;  ///< the disk is full
};

std::size_t store(char* data, std::size_t size, std::size_t count, void* to) {
  auto& download = *static_cast<Download*>(to);
  const auto length = size * count;
  const auto take = std::min<std::uint64_t>(length, download.left);
  for (std::uint64_t done = 0; done < take;) {
    const auto written = ::write(download.fd, data + done, take - done);
    if (written <= 0) {
      download.failed = true;
      return 0;
    }
    done += static_cast<std::uint64_t>(written);
  }
  download.left -= take;
  download.cut = take < length;
  return download.cut ? 0 : length;
}

/// Path characters as they may stand in an address.
std::string encoded(std::string_view path) {
  constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~/";
  std::string text;
  for (const char each : path) {
    text += plain.find(each) != std::string_view::npos ? std::string(1, each)
                                                       : fmt::format("%{:02X}", static_cast<unsigned char>(each));
  }
  return text;
}

class Server {
 public:
  explicit Server(const Arguments& arguments) : arguments_(arguments), curl_(curl_easy_init(), curl_easy_cleanup) {}

  /// The line to answer with.
  std::string get(const std::string& path, std::uint64_t most) {
    const auto name = std::to_string(next_++);
    const auto file = arguments_.spool + "/" + name;
    Download download{.fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644), .left = most};
    if (download.fd < 0) return fmt::format("ERROR {}: cannot be created", file);
    const auto url = arguments_.url + "/" + encoded(path);
    const auto code = perform(url, download);
    long status = 0;
    curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &status);
    ::close(download.fd);
    if (code == CURLE_OK || download.cut) return "OK " + name;
    ::unlink(file.c_str());
    if (status == 404 || status == 410) return "NOT-FOUND";
    if (download.failed) return fmt::format("ERROR {}: cannot be written", file);
    const char* why = error_[0] != '\0' ? error_ : curl_easy_strerror(code);
    return fmt::format("ERROR {}: {}", url, why);
  }

 private:
  CURLcode perform(const std::string& url, Download& download) {
    auto* curl = curl_.get();
    curl_easy_reset(curl);
    error_[0] = '\0';
    const bool secure = url.starts_with("https://");
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error_);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "suture-fetch");
    // A redirect may lead elsewhere, but not to another scheme: neither off TLS, nor to files.
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, secure ? "https" : "http");
    curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, secure ? "https" : "http");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(curl, CURLOPT_MAXREDIRS, 3L);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 15L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 600L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 100L);  // bytes a second, for half a minute
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, 30L);
    if (!arguments_.proxy.empty()) curl_easy_setopt(curl, CURLOPT_PROXY, arguments_.proxy.c_str());
    if (!arguments_.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, arguments_.ca_file.c_str());
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, store);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &download);
    return curl_easy_perform(curl);
  }

  const Arguments& arguments_;
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl_;
  char error_[CURL_ERROR_SIZE] = {};
  std::uint64_t next_ = 1;
};

std::string answer(Server& server, std::string_view line) {
  constexpr std::string_view get = "GET ";
  std::uint64_t most = 0;
  if (!line.starts_with(get)) return "ERROR unknown request";
  line.remove_prefix(get.size());
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), most);
  if (error != std::errc() || end == line.data() + line.size() || *end != ' ') return "ERROR unknown request";
  const auto path = line.substr(static_cast<std::size_t>(end - line.data()) + 1);
  // A byte more than is allowed shows whoever asked that the file is too long.
  return server.get(std::string(path), most == UINT64_MAX ? most : most + 1);
}

}  // namespace

int main(int argc, char** argv) {
  const auto arguments = read_arguments(argc, argv);
  if (!arguments) {
    fmt::print(stderr, "{}", usage);
    return 2;
  }
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return 1;
  Server server(*arguments);
  for (std::string line; std::getline(std::cin, line);) {
    auto text = answer(server, line);
    for (auto& each : text) {
      if (each == '\n' || each == '\r') each = ' ';
    }
    std::cout << text << std::endl;
  }
  curl_global_cleanup();
  return 0;
}
