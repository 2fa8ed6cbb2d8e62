// Lines with fields for journald, by its native protocol (https://systemd.io/JOURNAL_NATIVE_PROTOCOL).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace suture::host {

inline constexpr std::string_view journal_socket = "/run/systemd/journal/socket";

struct JournalField {
  std::string name;  ///< capital letters, digits and '_', not beginning with '_' or a digit: "SUTURE_LEVEL"
  std::string value;
};

struct JournalEntry {
  int priority = 6;  ///< syslog's: 3 error, 4 warning, 5 notice, 6 information
  std::string message;
  std::string message_id = {};  ///< 32 hexadecimal digits that name this kind of message, or empty
  std::vector<JournalField> fields = {};
};

/// What goes over the socket. Fails on a field whose name journald would not take.
Result<std::string> encode_journal_entry(const JournalEntry& entry);

/// Sends one entry; fails if journald is not there, or takes no entry of this size.
Status send_to_journal(const JournalEntry& entry, std::string_view socket = journal_socket);

}  // namespace suture::host
