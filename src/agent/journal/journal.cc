#include "agent/journal/journal.h"

namespace suture::agent {
namespace {

Result<Bytes> frame_of(const Entry& entry, std::uint64_t sequence) {
  Frame frame{static_cast<std::uint8_t>(entry.kind), sequence, payload_of(entry)};
  if (frame.payload.size() > largest_payload)
    return fail("a journal entry of {} bytes is too long", frame.payload.size());
  return encode(frame);
}

}  // namespace

Result<Journal> Journal::open(std::unique_ptr<AppendFile> file, std::string name) {
  const auto bytes = TRY(file->read());
  auto decoded = TRY(decode_journal(bytes, name));
  Journal journal(std::move(file), std::move(name));
  journal.entries_ = std::move(decoded.entries);
  journal.size_ = decoded.size;
  if (decoded.size < bytes.size()) TRY(journal.file_->cut(decoded.size));
  return journal;
}

Status Journal::append(Entry entry) {
  if (torn_) return fail("{}: ends in half an entry that could not be cut off", name_);
  const auto bytes = TRY(frame_of(entry, entries_.size()));
  if (auto appended = file_->append(bytes); !appended) {
    // A disk that is full now may have room for the next entry, which must not follow half of this one.
    torn_ = !file_->cut(size_);
    return fail(std::move(appended).error(), "writing '{}' to the journal", name_of(entry.kind));
  }
  size_ += bytes.size();
  entries_.push_back(std::move(entry));
  return {};
}

Result<DecodedJournal> decode_journal(ByteView bytes, const std::string& name) {
  const auto decoded = TRY(decode(bytes, name));
  DecodedJournal journal{{}, decoded.size};
  for (const auto& frame : decoded.frames) {
    auto entry = TRY(read_entry(frame, name));
    journal.entries.push_back(std::move(entry));
  }
  return journal;
}

Bytes encode_journal(const std::vector<Entry>& entries) {
  Bytes all;
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (const auto bytes = frame_of(entries[i], i)) all.insert(all.end(), bytes->begin(), bytes->end());
  return all;
}

}  // namespace suture::agent
