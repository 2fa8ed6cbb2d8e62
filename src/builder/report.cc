#include "builder/report.h"

#include "base/json.h"

namespace suture::builder {

std::string to_json(const BuildReport& report) { return json::to_text(report); }

Result<BuildReport> read_report(std::string_view text, std::string_view name) {
  auto report = json::from_text<BuildReport>(text, name);
  if (!report)
    return fail(std::move(report).error().advise("another version of Suture may have written it: build again"));
  return report;
}

}  // namespace suture::builder
