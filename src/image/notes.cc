#include "image/notes.h"

#include <elf.h>

namespace suture::image {

std::optional<std::string> build_id_in_notes(ByteView notes) {
  // Documented in elf(5): a header of three words, then the name and the content, each padded to 4.
  constexpr std::uint64_t header_size = 12;
  for (std::uint64_t at = 0; notes.size() >= header_size && at <= notes.size() - header_size;) {
    const std::uint64_t name_size = load_le<std::uint32_t>(notes, at);
    const std::uint64_t size = load_le<std::uint32_t>(notes, at + 4);
    const auto type = load_le<std::uint32_t>(notes, at + 8);
    const auto name_begin = at + header_size;
    const auto begin = name_begin + align_up(name_size, 4);
    if (begin + size > notes.size()) return std::nullopt;
    if (type == NT_GNU_BUILD_ID && as_text(notes.subspan(name_begin, name_size)) == std::string_view("GNU\0", 4))
      return to_hex(notes.subspan(begin, size));
    at = begin + align_up(size, 4);
  }
  return std::nullopt;
}

}  // namespace suture::image
