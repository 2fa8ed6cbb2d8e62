#include "cli/fetch_options.h"

namespace suture::cli {

void add_fetch_options(Command command, repository::FetchOptions& options) {
  std::error_code code;
  const auto beside = fs::read_symlink("/proc/self/exe", code).parent_path() / "suture-fetch";
  if (fs::exists(beside, code)) options.program = beside;
  command.add_option("--proxy", options.proxy, "For an address (that of the environment)").type_name("URL");
  command.add_option("--ca-file", options.ca_file, "Authorities that an address is trusted by (the system's)")
      .type_name("FILE");
}

bool is_soon(const repository::Expiry& expiry, trust::tuf::Time now) {
  const std::chrono::hours before = expiry.role == "timestamp" ? std::chrono::hours(12) : std::chrono::days(14);
  return expiry.expires - now < before;
}

}  // namespace suture::cli
