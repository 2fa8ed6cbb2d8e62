#include "host/notify/journal.h"

#include <algorithm>
#include <bit>
#include <cstdint>

#include "host/notify/datagram.h"

namespace suture::host {
namespace {

bool is_field_name(std::string_view name) {
  constexpr std::size_t most = 64;
  return !name.empty() && name.size() <= most && name[0] >= 'A' && name[0] <= 'Z' &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; });
}

// "NAME=value", or if the value has several lines the name, its size and then itself.
void append(std::string& out, std::string_view name, std::string_view value) {
  if (value.find('\n') == std::string_view::npos) {
    out += fmt::format("{}={}\n", name, value);
    return;
  }
  const std::uint64_t size = value.size();
  static_assert(std::endian::native == std::endian::little);
  out += name;
  out += '\n';
  out.append(reinterpret_cast<const char*>(&size), sizeof size);
  out += value;
  out += '\n';
}

}  // namespace

Result<std::string> encode_journal_entry(const JournalEntry& entry) {
  std::string out;
  append(out, "MESSAGE", entry.message);
  append(out, "PRIORITY", fmt::format("{}", std::clamp(entry.priority, 0, 7)));
  append(out, "SYSLOG_IDENTIFIER", "suture-agent");
  if (!entry.message_id.empty()) append(out, "MESSAGE_ID", entry.message_id);
  for (const auto& field : entry.fields) {
    if (!is_field_name(field.name)) return fail("\"{}\" is no name of a journal field", field.name);
    append(out, field.name, field.value);
  }
  return out;
}

Status send_to_journal(const JournalEntry& entry, std::string_view socket) {
  const auto encoded = TRY(encode_journal_entry(entry));
  return send_datagram(socket, encoded);
}

}  // namespace suture::host
