#include "server_cli/check_runner.h"

#include <fmt/format.h>

#include <vector>

#include "server_cli/clock.h"
#include "web/client.h"

namespace suture::server_cli {
namespace {

constexpr std::chrono::seconds between_rounds{2}, timeout{10}, forgotten_after{60};

std::string key_of(const server::CheckSpec& spec) {
  return fmt::format("{} {} {}", address_of(spec), spec.at_most.value_or(0), spec.at_least.value_or(0));
}

rollout::Check ask(const server::CheckSpec& spec) {
  web::Client client(address_of(spec), web::Identity{.plain = true});
  // What an answer says is of the time at which it was asked for, at the latest.
  const auto asked = now();
  const auto answer = client.ask("GET", "", "", timeout);
  if (!answer) return {asked, rollout::Answer::error, answer.error().message()};
  return judge(spec, answer->status, answer->body, asked);
}

}  // namespace

CheckRunner::CheckRunner() : thread_([this](const std::stop_token& stop) { run(stop); }) {}
CheckRunner::~CheckRunner() = default;

rollout::Check CheckRunner::answer(const server::CheckSpec& spec) {
  const std::scoped_lock lock(mutex_);
  auto& known = known_[key_of(spec)];
  known.spec = spec;
  known.wanted = std::chrono::steady_clock::now();
  changed_.notify_one();
  return known.last;
}

void CheckRunner::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::vector<server::CheckSpec> wanted;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, stop, [this] { return !known_.empty(); });
      const auto now = std::chrono::steady_clock::now();
      std::erase_if(known_, [&](const auto& each) { return now - each.second.wanted > forgotten_after; });
      for (const auto& [key, known] : known_) wanted.push_back(known.spec);
    }
    for (const auto& spec : wanted) {
      const auto answered = ask(spec);
      const std::scoped_lock lock(mutex_);
      if (const auto found = known_.find(key_of(spec)); found != known_.end()) found->second.last = answered;
    }
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, between_rounds, [] { return false; });
  }
}

}  // namespace suture::server_cli
