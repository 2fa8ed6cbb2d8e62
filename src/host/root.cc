#include "host/root.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "base/fd.h"
#include "base/numbers.h"

namespace suture::host {
namespace {

tl::unexpected<Error> system_error(std::string_view absolute, std::string_view doing) {
  return fail("{}: cannot {}: {}", absolute, doing, std::strerror(errno));
}

std::string_view without_end_space(std::string_view text) {
  return text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
}

std::string_view trimmed(std::string_view text) {
  text = without_end_space(text);
  const auto begin = text.find_first_not_of(" \t\r\n");
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin);
}

// Errors quote what was found; a hostile file must not fill the message.
std::string quoted(std::string_view text) {
  constexpr std::size_t most = 40;
  std::string out;
  for (const char c : text.substr(0, most)) out += c < ' ' || c == '\x7f' ? '?' : c;
  return text.size() > most ? out + "…" : out;
}

}  // namespace

fs::path Root::path(std::string_view absolute) const {
  while (absolute.starts_with('/')) absolute.remove_prefix(1);
  return directory_ / absolute;
}

bool Root::has(std::string_view absolute) const { return ::access(path(absolute).c_str(), F_OK) == 0; }

Result<std::string> Root::head(std::string_view absolute, std::size_t most) const {
  const Fd fd(::open(path(absolute).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd) return system_error(absolute, "open");
  std::string text;
  std::array<char, 8192> chunk;
  while (text.size() < most) {
    const auto count = ::read(fd.get(), chunk.data(), std::min(chunk.size(), most - text.size()));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error(absolute, "read");
    if (count == 0) break;
    text.append(chunk.data(), static_cast<std::size_t>(count));
  }
  return text;
}

Result<std::string> Root::text(std::string_view absolute, std::size_t most) const {
  auto text = TRY(head(absolute, most + 1));
  if (text.size() > most) return fail("{}: is larger than {} bytes", absolute, most);
  return text;
}

Result<std::string> Root::line(std::string_view absolute) const {
  auto text = TRY(this->text(absolute));
  text.resize(without_end_space(text).size());
  return text;
}

Result<std::int64_t> Root::number(std::string_view absolute) const {
  const auto text = TRY(this->text(absolute));
  auto digits = trimmed(text);
  const int base = digits.starts_with("0x") ? 16 : 10;
  if (base == 16) digits.remove_prefix(2);
  const auto value = to_number<std::int64_t>(digits, base);
  if (!value) return fail("{}: holds no number: \"{}\"", absolute, quoted(trimmed(text)));
  return *value;
}

Result<bool> Root::flag(std::string_view absolute) const {
  const auto text = TRY(this->text(absolute));
  const auto word = trimmed(text);
  if (word == "1" || word == "Y") return true;
  if (word == "0" || word == "N") return false;
  return fail("{}: holds neither yes nor no: \"{}\"", absolute, quoted(word));
}

Result<std::string> Root::link(std::string_view absolute) const {
  std::array<char, 4096> buffer;
  const auto count = ::readlink(path(absolute).c_str(), buffer.data(), buffer.size());
  if (count < 0) return system_error(absolute, "read the link");
  return std::string(buffer.data(), static_cast<std::size_t>(count));
}

Result<std::vector<std::string>> Root::names(std::string_view absolute) const {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(path(absolute).c_str()), ::closedir);
  if (!directory) return system_error(absolute, "open the directory");
  std::vector<std::string> names;
  while (true) {
    errno = 0;
    const auto* entry = ::readdir(directory.get());
    if (entry == nullptr && errno != 0) return system_error(absolute, "read the directory");
    if (entry == nullptr) break;
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

Status Root::write(std::string_view absolute, std::string_view text) const {
  const Fd fd(::open(path(absolute).c_str(), O_WRONLY | O_CLOEXEC | O_TRUNC));
  if (!fd) return system_error(absolute, "open for writing");
  ssize_t count = 0;
  do {
    count = ::write(fd.get(), text.data(), text.size());
  } while (count < 0 && errno == EINTR);
  if (count < 0) return system_error(absolute, fmt::format("write \"{}\"", quoted(text)));
  if (static_cast<std::size_t>(count) != text.size())
    return fail("{}: took {} of {} bytes", absolute, count, text.size());
  return {};
}

}  // namespace suture::host
