// Tells webhooks what the audit says, beside the server: each has a thread and a connection to the store of its own, so
// that one that is slow or gone keeps neither the server nor another webhook waiting.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>

#include "server/domain/webhooks/webhooks.h"

namespace suture::server_cli {

class WebhookSender {
 public:
  explicit WebhookSender(std::filesystem::path database);
  ~WebhookSender();

  /// There may be something new. What other processes write is found without this, a little later.
  void wake();

 private:
  /// Keeps a thread for each webhook that there is.
  void keep_all(const std::stop_token& stop);
  void tell(const std::stop_token& stop, server::Webhook webhook);
  /// The store, once it can be opened; nothing if it is time to end.
  std::unique_ptr<server::Store> open(const std::stop_token& stop);
  /// Until something may be new.
  void wait(const std::stop_token& stop, std::uint64_t& heard);
  void pause(const std::stop_token& stop, std::chrono::milliseconds time);

  std::filesystem::path database_;
  std::mutex mutex_{};
  std::condition_variable_any changed_{};
  std::uint64_t news_ = 0;  ///< counts wake()
  std::jthread thread_{};
};

}  // namespace suture::server_cli
