// What a host's files hold: logs, notes, BTF, login records. The first byte says whose reader gets the rest.
#include "fuzz/fuzz.h"
#include "host/hooks/btf_names.h"
#include "host/hooks/probe_events.h"
#include "host/inventory/boot.h"
#include "host/inventory/kernel.h"
#include "host/log/events.h"
#include "host/log/kernel_log.h"
#include "host/module/build_id.h"
#include "host/system/crash.h"
#include "host/system/service.h"
#include "host/system/sysctl.h"

using namespace suture;
using namespace suture::host;

namespace {

int sign(int number) { return (number > 0) - (number < 0); }

void versions(std::string_view a, std::string_view b) {
  fuzz::require(compare_versions(a, a) == 0);
  fuzz::require(sign(compare_versions(a, b)) == -sign(compare_versions(b, a)));
}

void setting(std::string_view name) {
  const auto path = sysctl_path(name);
  if (path) fuzz::require(!path->starts_with('/') && ("/" + *path + "/").find("/../") == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteView input(data, size);
  const auto reader = fuzz::take_byte(input) % 8;
  const auto text = as_text(input);
  LogCounts counts;
  switch (reader) {
    case 0:
      counts.add(parse_kmsg(text));
      break;
    case 1:
      (void)evidence_in(text, "a log", {{"f", "tcp_ack"}, {"fix"}});
      break;
    case 2:
      (void)read_btf_names(input, "btf", {1, 2, 3});
      break;
    case 3:
      (void)build_id_of_notes(input, "notes");
      break;
    case 4:
      (void)last_reboot_of(text);
      break;
    case 5:
      versions(text.substr(0, text.size() / 2), text.substr(text.size() / 2));
      break;
    case 6:
      setting(text);
      break;
    default:
      (void)kernel_parameter(text, "suture");
      (void)parse_service_state(text);
      (void)parse_probe_events(text);
  }
  return 0;
}
