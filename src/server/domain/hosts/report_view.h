// A stored report as the domain reads it.
#pragma once

#include <map>
#include <string>

#include "rollout/observations.h"
#include "server/domain/records.h"

namespace suture::server {

struct ReportView {
  std::string release, build_id;             ///< of the kernel; empty if the host did not say
  std::string agent{};                       ///< version of the agent; empty if it did not say
  rollout::Report report{};                  ///< `answers` is left 0: see `assignment`
  std::string verdict, state;                ///< as words
  std::int64_t assignment = 0;               ///< the sequence of the last one that it acted on; 0: none
  std::string outcome{}, why{};              ///< of that one
  std::map<std::string, double> readings{};  ///< of the time since the report before; empty if it did not say
};

/// Of a body that was checked when it came.
Result<ReportView> view(const HostReport& report);

}  // namespace suture::server
