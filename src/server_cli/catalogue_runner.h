// Visits the repository beside the server: when somebody wants to know, and every half minute.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "server/catalogue/repository.h"

namespace suture::server_cli {

class CatalogueRunner : public server::Catalogue {
 public:
  /// Looks once before it returns.
  explicit CatalogueRunner(server::RepositoryReader reader);
  ~CatalogueRunner() override;

  std::shared_ptr<const server::Offers> offers() override;
  bool has_looked_since(server::Instant then) override;

  /// Whether it has looked since this was called last: those who wait may ask again.
  bool take_news() { return news_.exchange(false); }

 private:
  void look();
  void run(const std::stop_token& stop);

  server::RepositoryReader reader_;  ///< the thread's, once that runs
  std::mutex mutex_{};
  std::condition_variable_any wanted_{};
  std::shared_ptr<const server::Offers> seen_{};
  server::Instant begun_{}, asked_{};  ///< of the last look; of the latest question
  std::atomic<bool> news_ = false;
  std::jthread thread_{};
};

}  // namespace suture::server_cli
