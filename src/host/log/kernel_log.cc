#include "host/log/kernel_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/numbers.h"
#include "base/words.h"

namespace suture::host {
namespace {

int from_hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// The kernel writes what is not printable, and the backslash, as "\x5c" (kernel/printk/printk.c,
// append_char()).
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\\' && i + 3 < text.size() && text[i + 1] == 'x') {
      const int high = from_hex_digit(text[i + 2]);
      const int low = from_hex_digit(text[i + 3]);
      if (high >= 0 && low >= 0) {
        c = static_cast<char>(high * 16 + low);
        i += 3;
      }
    }
    out += (c < ' ' && c != '\t' && c >= 0) || c == '\x7f' ? '?' : c;
  }
  return out;
}

// "6,1234,5678901,-;text" and perhaps more fields before the semicolon. The first number is
// facility * 8 + level.
std::optional<LogRecord> parse_record(std::string_view line) {
  const auto semicolon = line.find(';');
  if (semicolon == std::string_view::npos) return std::nullopt;
  auto head = line.substr(0, semicolon);
  const auto priority = to_number<unsigned>(take_until(head, ','));
  const auto sequence = to_number<std::uint64_t>(take_until(head, ','));
  const auto microseconds = to_number<std::uint64_t>(take_until(head, ','));
  if (!priority || !sequence || !microseconds) return std::nullopt;
  LogRecord record;
  record.sequence = *sequence;
  record.microseconds = *microseconds;
  record.level = static_cast<int>(*priority & 7);
  record.from_kernel = *priority >> 3 == 0;
  record.text = unescaped(line.substr(semicolon + 1));
  return record;
}

}  // namespace

std::vector<LogRecord> parse_kmsg(std::string_view text) {
  std::vector<LogRecord> records;
  for (const auto line : lines_of(text)) {
    if (line.starts_with(' ')) continue;  // " SUBSYSTEM=pci": a field of the record before
    if (auto record = parse_record(line)) records.push_back(std::move(*record));
  }
  return records;
}

Result<KernelLog> KernelLog::open(const Root& root, std::optional<std::uint64_t> from) {
  Fd fd(::open(root.path("/dev/kmsg").c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) return fail("/dev/kmsg: cannot open: {}", std::strerror(errno));
  if (!from && ::lseek(fd.get(), 0, SEEK_END) < 0) return fail("/dev/kmsg: cannot seek: {}", std::strerror(errno));
  KernelLog log(std::move(fd));
  log.from_ = from.value_or(0);
  log.next_ = log.from_;
  log.begun_ = from.has_value();
  return log;
}

Result<std::vector<LogRecord>> KernelLog::read(std::size_t most) {
  std::vector<LogRecord> records;
  std::array<char, 8192> buffer;  // one read gives one record, which is never larger
  while (records.size() < most) {
    const auto count = ::read(fd_.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) break;
    if (count < 0 && errno == EPIPE) continue;  // overwritten: the next read goes on with what is left
    if (count < 0) return fail("/dev/kmsg: cannot read: {}", std::strerror(errno));
    if (count == 0) break;
    for (auto& record : parse_kmsg({buffer.data(), static_cast<std::size_t>(count)})) {
      if (record.sequence < from_) continue;
      if (begun_ && record.sequence > next_) lost_ += record.sequence - next_;
      begun_ = true;
      next_ = record.sequence + 1;
      records.push_back(std::move(record));
    }
  }
  return records;
}

}  // namespace suture::host
