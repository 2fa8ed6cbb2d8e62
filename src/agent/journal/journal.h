// The journal of everything that the agent does to its host, and the only state that it keeps.
#pragma once

#include <memory>
#include <vector>

#include "agent/journal/entry.h"
#include "base/append_file.h"

namespace suture::agent {

class Journal {
 public:
  /// Reads what is there. A torn end is cut off; damage fails. `name` is what errors call the file.
  static Result<Journal> open(std::unique_ptr<AppendFile> file, std::string name);

  const std::vector<Entry>& entries() const { return entries_; }
  /// After success the entry outlives a power loss. After failure nothing may be done that it announces;
  /// what was written of it is cut off, at the latest by the next open().
  Status append(Entry entry);

 private:
  Journal(std::unique_ptr<AppendFile> file, std::string name) : file_(std::move(file)), name_(std::move(name)) {}

  std::unique_ptr<AppendFile> file_;
  std::string name_;
  std::vector<Entry> entries_;
  std::uint64_t size_ = 0;
  bool torn_ = false;
};

struct DecodedJournal {
  std::vector<Entry> entries;
  std::uint64_t size = 0;  ///< bytes that they take; what follows is a torn end
};
/// Fails on damage. `name` is what errors call the file.
Result<DecodedJournal> decode_journal(ByteView bytes, const std::string& name);

/// The bytes of a journal that holds these entries.
Bytes encode_journal(const std::vector<Entry>& entries);

}  // namespace suture::agent
