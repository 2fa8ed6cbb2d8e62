#include "trust/archive.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace suture::trust {
namespace {

constexpr std::size_t block = 512;
constexpr std::size_t most_members = 100'000;
constexpr std::uint64_t too_large = std::uint64_t{1} << 33;  // eleven octal digits

/// A field of the header: POSIX.1-2017, pax, "ustar Interchange Format".
struct Field {
  std::size_t offset, size;
};
constexpr Field name_field{0, 100}, mode_field{100, 8}, uid_field{108, 8}, gid_field{116, 8}, size_field{124, 12},
    mtime_field{136, 12}, checksum_field{148, 8}, type_field{156, 1}, magic_field{257, 8}, major_field{329, 8},
    minor_field{337, 8}, prefix_field{345, 155};
using Header = std::array<std::uint8_t, block>;

void put(Header& header, Field field, std::string_view text) {
  std::copy(text.begin(), text.end(), header.begin() + static_cast<std::ptrdiff_t>(field.offset));
}

/// Octal, with a NUL at the end.
void put_number(Header& header, Field field, std::uint64_t number) {
  put(header, field, fmt::format("{:0{}o}", number, field.size - 1));
}

std::string checksum(Header header) {
  std::fill_n(header.begin() + checksum_field.offset, checksum_field.size, ' ');
  unsigned sum = 0;
  for (const auto byte : header) sum += byte;
  return fmt::format("{:06o}", sum) + std::string("\0 ", 2);
}

/// Where a name that is too long is split into prefix and name: at a '/', which neither part has.
std::optional<std::size_t> split(std::string_view name) {
  if (name.size() <= name_field.size) return 0;
  const auto slash = name.find('/', name.size() - name_field.size - 1);
  if (slash == std::string_view::npos || slash > prefix_field.size) return std::nullopt;
  return slash;
}

Result<Header> header_of(const ArchiveMember& member) {
  if (!is_clean_name(member.name)) return fail("'{}' cannot be the name of a file in an archive", member.name);
  const auto at = split(member.name);
  if (member.content.size() >= too_large) return fail("'{}' is too large for an archive", member.name);
  if (!at) return fail("'{}' is too long for the name of a file in an archive", member.name);
  Header header{};
  if (*at != 0) put(header, prefix_field, std::string_view(member.name).substr(0, *at));
  put(header, name_field, std::string_view(member.name).substr(*at == 0 ? 0 : *at + 1));
  put_number(header, mode_field, 0644);
  put_number(header, uid_field, 0);
  put_number(header, gid_field, 0);
  put_number(header, size_field, member.content.size());
  put_number(header, mtime_field, 0);
  put(header, type_field, "0");
  put(header, magic_field, std::string_view("ustar\00000", magic_field.size));
  put_number(header, major_field, 0);
  put_number(header, minor_field, 0);
  put(header, checksum_field, checksum(header));
  return header;
}

std::string_view text_at(ByteView header, Field field) {
  const auto text = as_text(header.subspan(field.offset, field.size));
  return text.substr(0, text.find('\0'));
}

std::optional<std::uint64_t> number_at(ByteView header, Field field) {
  std::uint64_t number = 0;
  for (const char digit : text_at(header, field)) {
    if (digit < '0' || digit > '7') return std::nullopt;
    number = number * 8 + static_cast<std::uint64_t>(digit - '0');
  }
  return number;
}

bool all_zero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](auto byte) { return byte == 0; });
}

}  // namespace

bool is_clean_name(std::string_view name) {
  if (name.empty() || name.find_first_of(std::string_view("\\:\0", 3)) != std::string_view::npos) return false;
  while (true) {
    const auto slash = name.find('/');
    const auto part = name.substr(0, slash);
    if (part.empty() || part == "." || part == "..") return false;
    if (std::any_of(part.begin(), part.end(), [](char each) { return each < ' ' || each > '~'; })) return false;
    if (slash == std::string_view::npos) return true;
    name.remove_prefix(slash + 1);
  }
}

Result<Bytes> write_archive(const std::vector<ArchiveMember>& members) {
  std::set<std::string_view> names;
  Bytes archive;
  for (const auto& member : members) {
    if (!names.insert(member.name).second) return fail("'{}' would be in the archive twice", member.name);
    const auto header = TRY(header_of(member));
    archive.insert(archive.end(), header.begin(), header.end());
    archive.insert(archive.end(), member.content.begin(), member.content.end());
    archive.resize(align_up(archive.size(), block));
  }
  archive.resize(archive.size() + 2 * block);
  return archive;
}

Result<std::vector<ArchiveMember>> read_archive(ByteView archive, std::string_view name) {
  std::vector<ArchiveMember> members;
  std::set<std::string> names;
  auto rest = archive;
  const auto bad = [&](std::string_view why) {
    return fail("{}: {} at offset {}", name, why, archive.size() - rest.size());
  };
  while (true) {
    if (rest.size() < 2 * block) return bad("the archive is cut short");
    const auto header = rest.first(block);
    if (all_zero(header)) break;
    const auto prefix = text_at(header, prefix_field);
    ArchiveMember member{
        .name = (prefix.empty() ? "" : std::string(prefix) + "/") + std::string(text_at(header, name_field)),
        .content = {}};
    const auto size = number_at(header, size_field);
    if (!size || *size > rest.size() - 2 * block) return bad("a file is longer than the archive");
    member.content = rest.subspan(block, *size);
    const auto expected = header_of(member);
    if (!expected || !std::equal(expected->begin(), expected->end(), header.begin())) {
      return bad("what stands there is no header of a plain file with a clean name");
    }
    if (!names.insert(member.name).second) return bad(fmt::format("'{}' comes twice", member.name));
    if (names.size() > most_members) return bad("there are too many files");
    const auto padded = align_up(*size, block);
    if (padded > rest.size() - 2 * block || !all_zero(rest.subspan(block + *size, padded - *size))) {
      return bad("a file is not padded with zeros");
    }
    members.push_back(std::move(member));
    rest = rest.subspan(block + padded);
  }
  if (rest.size() != 2 * block || !all_zero(rest)) return bad("the archive does not end as it should");
  return members;
}

}  // namespace suture::trust
