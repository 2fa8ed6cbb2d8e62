#include "kit/deb.h"

#include "kit/control.h"

namespace suture::kit {
namespace {

constexpr std::size_t largest_text = 16 << 20;

// Moves on to the entry that `wanted` accepts; false if there is none.
template <typename Wanted>
Result<bool> seek(Archive& archive, Wanted wanted) {
  while (const auto entry = TRY(archive.next())) {
    if (wanted(entry->path)) return true;
  }
  return false;
}

// Opens control.tar or data.tar, whatever its compression.
Result<Archive> open_part(Archive& ar, const fs::path& deb, std::string_view part) {
  if (!TRY(seek(ar, [&](std::string_view name) { return name == part || name.starts_with(fmt::format("{}.", part)); })))
    return fail("{}: holds no {}; it is not a Debian package", deb.string(), part);
  return Archive::open(ar, Archive::Format::tar);
}

Result<std::string> read_entry(Archive& archive, std::string_view name) {
  std::string text;
  while (true) {
    const auto part = TRY(archive.read());
    if (part.empty()) return text;
    if (text.size() + part.size() > largest_text) return fail("{}: is larger than any such file is", name);
    text += as_text(part);
  }
}

Result<std::string> read_from(const fs::path& deb, std::string_view part, std::string_view path) {
  auto ar = TRY(Archive::open(deb, Archive::Format::ar));
  auto tar = TRY(open_part(ar, deb, part));
  if (!TRY(seek(tar, [&](std::string_view name) { return name == path; })))
    return fail("{}: holds no {}", deb.string(), path);
  return read_entry(tar, fmt::format("{} > {}", deb.string(), path));
}

}  // namespace

Result<DebControl> read_deb_control(const fs::path& deb) {
  const auto text = TRY(read_from(deb, "control.tar", "control"));
  const auto stanzas = TRY(parse_control(text, deb.string() + " > control"));
  if (stanzas.size() != 1) return fail("{}: control has {} paragraphs instead of one", deb.string(), stanzas.size());
  DebControl control;
  control.package = TRY(field(stanzas[0], "Package", deb.string()));
  control.version = TRY(field(stanzas[0], "Version", deb.string()));
  control.architecture = TRY(field(stanzas[0], "Architecture", deb.string()));
  if (const auto depends = stanzas[0].find("Depends"); depends != stanzas[0].end()) control.depends = depends->second;
  return control;
}

Result<std::string> read_deb_file(const fs::path& deb, std::string_view path) {
  return read_from(deb, "data.tar", path);
}

Status unpack_deb(const fs::path& deb, const fs::path& into, const Placement& place) {
  auto ar = TRY(Archive::open(deb, Archive::Format::ar));
  auto tar = TRY(open_part(ar, deb, "data.tar"));
  return unpack(tar, into, place);
}

Status unpack_deb_tarball(const fs::path& deb, std::string_view member, const fs::path& into, const Placement& place,
                          const ReadSoFar& so_far) {
  auto ar = TRY(Archive::open(deb, Archive::Format::ar));
  auto tar = TRY(open_part(ar, deb, "data.tar"));
  if (!TRY(seek(tar, [&](std::string_view name) { return name == member; })))
    return fail("{}: holds no {}", deb.string(), member);
  auto inner = TRY(Archive::open(tar, Archive::Format::tar));
  return unpack(inner, into, place, so_far);
}

}  // namespace suture::kit
