#include "host/module/build_id.h"

#include "host/module/name.h"

namespace suture::host {
namespace {

Known<std::string> read_build_id(const Root& root, const std::string& file) {
  const auto notes = root.text(file, 1 << 20);
  if (!notes) return fail(notes.error());
  return build_id_of_notes(as_bytes(*notes), file);
}

}  // namespace

Result<std::string> build_id_of_notes(ByteView notes, std::string_view name) {
  const Reader reader(notes, std::string(name));
  for (std::uint64_t at = 0; at < reader.size();) {
    const auto name_size = TRY(reader.at<std::uint32_t>(at));
    const auto content_size = TRY(reader.at<std::uint32_t>(at + 4));
    const auto type = TRY(reader.at<std::uint32_t>(at + 8));
    const auto owner = TRY(reader.slice(at + 12, name_size));
    const auto content_at = at + 12 + align_up(name_size, 4);
    const auto content = TRY(reader.slice(content_at, content_size));
    if (type == 3 && as_text(owner) == std::string_view("GNU\0", 4) && !content.empty()) return to_hex(content);
    at = content_at + align_up(content_size, 4);
  }
  return fail("{}: holds no build-id", name);
}

Known<std::string> kernel_build_id(const Root& root) { return read_build_id(root, "/sys/kernel/notes"); }

Known<std::string> module_build_id(const Root& root, std::string_view name) {
  if (auto checked = check_module_name(name); !checked) return fail(std::move(checked).error());
  return read_build_id(root, fmt::format("/sys/module/{}/notes/.note.gnu.build-id", name));
}

}  // namespace suture::host
