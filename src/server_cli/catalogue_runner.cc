#include "server_cli/catalogue_runner.h"

namespace suture::server_cli {
namespace {

constexpr std::chrono::seconds between_looks{30};

}  // namespace

CatalogueRunner::CatalogueRunner(server::RepositoryReader reader) : reader_(std::move(reader)) {
  look();
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}
CatalogueRunner::~CatalogueRunner() = default;

std::shared_ptr<const server::Offers> CatalogueRunner::offers() {
  const std::scoped_lock lock(mutex_);
  return seen_;
}

bool CatalogueRunner::has_looked_since(server::Instant then) {
  const std::scoped_lock lock(mutex_);
  if (begun_ > then) return true;
  asked_ = std::max(asked_, then);
  wanted_.notify_one();
  return false;
}

void CatalogueRunner::look() {
  const auto begun = std::chrono::steady_clock::now();
  auto seen = std::make_shared<const server::Offers>(reader_.look());
  const std::scoped_lock lock(mutex_);
  seen_ = std::move(seen);
  begun_ = begun;
  news_ = true;
}

void CatalogueRunner::run(const std::stop_token& stop) {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      wanted_.wait_for(lock, stop, between_looks, [this] { return asked_ >= begun_; });
    }
    if (stop.stop_requested()) return;
    look();
  }
}

}  // namespace suture::server_cli
