#include "builder/report.h"

#include "base/json.h"

namespace suture::builder {

std::string to_json(const BuildReport& report) { return json::to_text(report); }

}  // namespace suture::builder
