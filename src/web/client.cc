#include "web/client.h"

#include <curl/curl.h>

namespace suture::web {
namespace {

constexpr std::size_t longest = 16 << 20;

std::size_t store(char* data, std::size_t size, std::size_t count, void* to) {
  auto& body = *static_cast<std::string*>(to);
  if (body.size() + size * count > longest) return 0;
  body.append(data, size * count);
  return size * count;
}

curl_blob blob_of(std::string& pem) { return {pem.data(), pem.size(), CURL_BLOB_NOCOPY}; }

struct FreeHeaders {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

}  // namespace

struct Client::Connection {
  std::string url;
  Identity identity;
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl{curl_easy_init(), curl_easy_cleanup};
  std::array<char, CURL_ERROR_SIZE> error{};
  CURLcode last = CURLE_OK;
};

Client::Client(std::string url, Identity identity) : connection_(std::make_unique<Connection>()) {
  while (url.ends_with('/')) url.pop_back();
  connection_->url = std::move(url);
  connection_->identity = std::move(identity);
}
Client::Client(Client&&) noexcept = default;
Client::~Client() = default;

Result<Response> Client::ask(const std::string& method, const std::string& path, std::string_view body,
                             std::chrono::seconds timeout, const std::vector<std::string>& headers) {
  auto& [url, identity, handle, error, last] = *connection_;
  auto* curl = handle.get();
  const auto address = url + path;
  Response response;
  error[0] = '\0';
  curl_easy_reset(curl);
  curl_easy_setopt(curl, CURLOPT_URL, address.c_str());
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error.data());
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "suture");
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, identity.plain ? "http,https" : "https");
  curl_easy_setopt(curl, CURLOPT_SSLVERSION,
                   static_cast<long>(identity.plain ? CURL_SSLVERSION_TLSv1_2 : CURL_SSLVERSION_TLSv1_3));
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 15L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, static_cast<long>(timeout.count()));
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method.c_str());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, store);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &response.body);
  const auto ca = blob_of(identity.ca), certificate = blob_of(identity.certificate), key = blob_of(identity.key);
  if (!identity.ca.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &ca);
  if (!identity.certificate.empty()) curl_easy_setopt(curl, CURLOPT_SSLCERT_BLOB, &certificate);
  if (!identity.key.empty()) curl_easy_setopt(curl, CURLOPT_SSLKEY_BLOB, &key);
  std::unique_ptr<curl_slist, FreeHeaders> fields(curl_slist_append(nullptr, "Content-Type: application/json"));
  const auto authorization = "Authorization: Bearer " + identity.token;
  if (!identity.token.empty()) curl_slist_append(fields.get(), authorization.c_str());
  curl_slist_append(fields.get(), "Expect:");
  for (const auto& each : headers) curl_slist_append(fields.get(), each.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, fields.get());
  if (method != "GET") {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  }
  last = curl_easy_perform(curl);
  if (last != CURLE_OK) return fail("{}: {}", address, error[0] != '\0' ? error.data() : curl_easy_strerror(last));
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &response.status);
  if (curl_header* link = nullptr; curl_easy_header(curl, "Link", 0, CURLH_HEADER, -1, &link) == CURLHE_OK)
    response.link = link->value;
  return response;
}

bool Client::was_cut_off() const {
  switch (connection_->last) {
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_PARTIAL_FILE:
      return true;
    default:
      return false;
  }
}

}  // namespace suture::web
