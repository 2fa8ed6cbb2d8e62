// Why a fix, or a part of it, cannot become a live patch safely; and what deserves a look although
// it can. Codes are stable: docs/refusals.md holds one entry for each.
#pragma once

#include <string>
#include <vector>

namespace suture::patch {

struct Refusal {
  std::string code;    ///< "init-code"
  std::string place;   ///< "net/ipv4/tcp_cubic.c: cubictcp_register"
  std::string reason;  ///< plain words, one sentence
  std::string advice;  ///< what the author can do
  bool operator==(const Refusal&) const = default;
};

/// Built, but read this: "escaping-pointer", "never-returns", "lock-change", …
struct Warning {
  std::string code;
  std::string place;
  std::string reason;
  bool operator==(const Warning&) const = default;
};

}  // namespace suture::patch
