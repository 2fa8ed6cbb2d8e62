#include "builder/report.h"

#include "base/json.h"

namespace suture::builder {

std::string to_json(const BuildReport& report) { return json::to_text(report); }

Result<BuildReport> read_report(std::string_view text, std::string_view name) {
  return json::from_text<BuildReport>(text, name);
}

}  // namespace suture::builder
