// What the repository has for this kernel, made into a plan.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "agent/plan/plan.h"
#include "agent_cli/site.h"
#include "repository/update.h"
#include "trust/level/kernel_index.h"

namespace suture::agent_cli {

/// A plan, or why there is nothing to do.
struct Offer {
  std::optional<agent::Plan> plan{};
  std::string nothing{};
};

/// One visit to the repository: what it says is verified and kept. No other visit of this host begins meanwhile.
class Visit {
 public:
  /// To `source`, or the configured one if that is empty. Fails if nobody can tell which kernel runs.
  static Result<Visit> begin(const Site& site, const std::string& source);

  /// The subject of the highest level for this kernel; nothing if there is none.
  std::optional<std::string> highest() const;
  /// SHA-256 of the module of a level for this kernel; nothing if there is no such level.
  std::optional<std::string> digest(std::uint32_t level) const;
  /// For the highest level, or for `level`, which is fetched and verified.
  Result<Offer> plan(const agent::History& history, std::optional<std::uint32_t> level, std::string id);

 private:
  explicit Visit(const Site& site) : site_(&site) {}

  const Site* site_;
  std::string release_{}, build_id_{};
  std::unique_ptr<repository::Store> store_{};
  std::unique_ptr<repository::Source> source_{};
  std::unique_ptr<repository::Update> update_{};
  std::optional<trust::KernelIndex> index_{};
};

/// What is kept of the repository, whichever it is.
repository::Store store_of(const Site& site);

/// `source`, or the configured one if that is empty.
Result<std::unique_ptr<repository::Source>> source_of(const Site& site, const std::string& source);

/// The index that was seen last, or nothing.
Result<std::optional<trust::KernelIndex>> seen_index(const Site& site);

/// A plan of the configuration.
Result<Offer> plan_local(const Site& site, const std::string& name, std::string id);

}  // namespace suture::agent_cli
