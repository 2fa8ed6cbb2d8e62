// Probes that were set through tracefs, which have names (Documentation/trace/kprobetrace.rst).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace suture::host {

struct ProbeEvent {
  std::string name;      ///< "kprobes/open"
  std::string function;  ///< "" if it was set at an address
  std::uint64_t offset = 0;
  bool returns = false;  ///< it fires when the function returns
};

/// What kprobe_events holds: "p:kprobes/open do_sys_open+16 dfd=%ax", "r4:kprobes/back nf_nat:nf_hook".
std::vector<ProbeEvent> parse_probe_events(std::string_view text);

}  // namespace suture::host
