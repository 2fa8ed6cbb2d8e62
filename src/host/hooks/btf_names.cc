#include "host/hooks/btf_names.h"

namespace suture::host {
namespace {

struct Sections {
  Reader types;
  Reader strings;
};

Result<Sections> sections_of(ByteView btf, std::string_view name) {
  const Reader reader(btf, std::string(name));
  const auto magic = TRY(reader.at<std::uint16_t>(0));
  if (magic != 0xeb9f) return fail("{}: is no BTF", name);
  const auto header = TRY(reader.at<std::uint32_t>(4));
  const auto types_at = TRY(reader.at<std::uint32_t>(8));
  const auto types_size = TRY(reader.at<std::uint32_t>(12));
  const auto strings_at = TRY(reader.at<std::uint32_t>(16));
  const auto strings_size = TRY(reader.at<std::uint32_t>(20));
  const auto types = TRY(reader.slice(std::uint64_t{header} + types_at, types_size));
  const auto strings = TRY(reader.slice(std::uint64_t{header} + strings_at, strings_size));
  return Sections{Reader(types, reader.name() + ": types"), Reader(strings, reader.name() + ": strings")};
}

// What follows the 12 bytes that all types begin with.
Result<std::uint64_t> size_of_rest(unsigned kind, std::uint64_t count, const std::string& name) {
  switch (kind) {
    case 1:   // integer
    case 14:  // variable
    case 17:
      return 4;  // declaration tag
    case 3:
      return 12;  // array
    case 4:       // structure
    case 5:       // union
    case 15:      // section
    case 19:
      return count * 12;  // 64-bit enumeration
    case 6:               // enumeration
    case 13:
      return count * 8;  // prototype
    case 2:
    case 7:
    case 8:
    case 9:
    case 10:
    case 11:
    case 12:
    case 16:
    case 18:
      return 0;
    default:
      return fail("{}: a kind of type that is not known: {}", name, kind);
  }
}

}  // namespace

Result<BtfNames> read_btf_names(ByteView btf, std::string_view name, const std::set<std::uint32_t>& wanted,
                                std::uint32_t first_id, ByteView base) {
  const auto [types, strings] = TRY(sections_of(btf, name));
  std::uint64_t base_size = 0;
  if (!base.empty()) {
    const auto base_sections = TRY(sections_of(base, "the kernel's BTF"));
    base_size = base_sections.strings.size();
  }
  BtfNames found;
  found.next_id = first_id;
  for (std::uint64_t at = 0; at < types.size(); ++found.next_id) {
    const auto name_at = TRY(types.at<std::uint32_t>(at));
    const auto info = TRY(types.at<std::uint32_t>(at + 4));
    const auto rest = TRY(size_of_rest(info >> 24 & 0x1f, info & 0xffff, types.name()));
    if (wanted.contains(found.next_id) && name_at >= base_size) {
      const auto text = TRY(strings.string(name_at - base_size));
      found.names[found.next_id] = text;
    }
    at += 12 + rest;
  }
  return found;
}

}  // namespace suture::host
