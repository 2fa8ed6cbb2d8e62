#include "host/hooks/probe_events.h"

#include "base/numbers.h"
#include "base/words.h"

namespace suture::host {

std::vector<ProbeEvent> parse_probe_events(std::string_view text) {
  std::vector<ProbeEvent> events;
  for (const auto line : lines_of(text)) {
    const auto words = words_of(line);
    if (words.size() < 2 || (words[0][0] != 'p' && words[0][0] != 'r')) continue;
    const auto colon = words[0].find(':');
    if (colon == std::string_view::npos) continue;
    ProbeEvent event;
    event.returns = words[0][0] == 'r';
    event.name = words[0].substr(colon + 1);
    auto place = words[1];
    if (const auto module_end = place.find(':'); module_end != std::string_view::npos)
      place.remove_prefix(module_end + 1);
    const auto plus = place.find('+');
    if (plus != std::string_view::npos) event.offset = to_number<std::uint64_t>(place.substr(plus + 1)).value_or(0);
    if (!place.starts_with("0x")) event.function = place.substr(0, plus);
    events.push_back(std::move(event));
  }
  return events;
}

}  // namespace suture::host
