// Asks what gates ask, beside the server: a slow or dead address keeps nobody waiting.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "server/domain/rollouts/checks.h"

namespace suture::server_cli {

class CheckRunner : public server::CheckAnswers {
 public:
  CheckRunner();
  ~CheckRunner() override;

  rollout::Check answer(const server::CheckSpec& spec) override;

 private:
  struct Known {
    server::CheckSpec spec{};
    rollout::Check last{};
    std::chrono::steady_clock::time_point wanted{};  ///< when its answer was wanted last
  };
  void run(const std::stop_token& stop);

  std::mutex mutex_{};
  std::condition_variable_any changed_{};
  std::map<std::string, Known> known_{};  ///< by address and bounds
  std::jthread thread_{};
};

}  // namespace suture::server_cli
