#include "server_cli/webhook_sender.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <random>

#include "server/store/sqlite.h"
#include "server_cli/clock.h"
#include "web/client.h"

namespace suture::server_cli {
namespace {

constexpr std::chrono::seconds between_deliveries{2}, delivery_timeout{10};

/// Sends it. Why it was not taken is told without the address: that may hold what only its owner should see.
Status send(const server::Webhook& webhook, const server::WebAddress& to, const std::string& body) {
  web::Client client(to.origin, web::Identity{.plain = true});
  const auto header = "Suture-Signature: " + server::signature(webhook.secret, now(), body);
  const auto answer = client.ask("POST", to.target, body, delivery_timeout, {header});
  if (!answer) {
    std::string_view reason = answer.error().message();
    const auto address = to.origin + to.target + ": ";
    if (reason.starts_with(address)) reason.remove_prefix(address.size());
    return fail("{}", reason);
  }
  if (answer->status < 200 || answer->status >= 300) return fail("answers {}", answer->status);
  return {};
}

/// Sends what is next, and notes what became of it. Whether there was anything.
Result<bool> tell_next(server::Store& store, server::Webhook& webhook) {
  const auto next = TRY(server::next_delivery(store, webhook));
  if (!next) return false;
  const auto to = TRY(server::read_address(webhook.url));
  const auto sent = next->body.empty() ? Status() : send(webhook, to, next->body);
  if (sent) {
    if (webhook.failures != 0) fmt::print(stderr, "webhook {}: takes deliveries again\n", webhook.id);
    webhook.told = next->told;
    webhook.failures = 0;
  } else {
    if (webhook.failures == 0) fmt::print(stderr, "webhook {}: {}\n", webhook.id, sent.error().message());
    ++webhook.failures;
    webhook.failure = sent.error().message();
    webhook.failed = now();
  }
  TRY(store.note_delivery(webhook));
  return true;
}

}  // namespace

WebhookSender::WebhookSender(std::filesystem::path database)
    : database_(std::move(database)), thread_([this](const std::stop_token& stop) { keep_all(stop); }) {}
WebhookSender::~WebhookSender() = default;

void WebhookSender::wake() {
  const std::scoped_lock lock(mutex_);
  ++news_;
  changed_.notify_all();
}

void WebhookSender::wait(const std::stop_token& stop, std::uint64_t& heard) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, stop, between_deliveries, [&] { return news_ != heard; });
  heard = news_;
}

void WebhookSender::pause(const std::stop_token& stop, std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, stop, time, [] { return false; });
}

std::unique_ptr<server::Store> WebhookSender::open(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    auto store = server::open_sqlite(database_);
    if (store) return std::move(*store);
    fmt::print(stderr, "webhooks: {}\n", store.error().describe());
    pause(stop, between_deliveries);
  }
  return nullptr;
}

void WebhookSender::keep_all(const std::stop_token& stop) {
  std::map<std::string, std::jthread> threads;
  std::uint64_t heard = 0;
  const auto store = open(stop);
  while (!stop.stop_requested()) {
    if (const auto hooks = store->webhooks()) {
      std::erase_if(threads, [&](const auto& each) {
        return std::ranges::find(*hooks, each.first, &server::Webhook::id) == hooks->end();
      });
      for (const auto& each : *hooks)
        if (!threads.contains(each.id))
          threads.try_emplace(each.id, [this, each](const std::stop_token& ends) { tell(ends, each); });
    } else {
      fmt::print(stderr, "webhooks: {}\n", hooks.error().describe());
    }
    wait(stop, heard);
  }
  // All at once: each may be in the middle of a delivery.
  for (auto& [id, thread] : threads) thread.request_stop();
}

void WebhookSender::tell(const std::stop_token& stop, server::Webhook webhook) {
  std::random_device chance;
  std::uniform_real_distribution from_0_to_1;
  std::uint64_t heard = 0;
  const auto store = open(stop);
  while (!stop.stop_requested()) {
    const auto told = tell_next(*store, webhook);
    if (!told) {
      fmt::print(stderr, "webhook {}: {}\n", webhook.id, told.error().describe());
      pause(stop, between_deliveries);
    } else if (!*told) {
      wait(stop, heard);
    } else if (webhook.failures != 0) {
      pause(stop, server::pause_after(webhook.failures, from_0_to_1(chance)));
    }
  }
}

}  // namespace suture::server_cli
