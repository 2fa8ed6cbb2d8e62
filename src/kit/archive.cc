#include "kit/archive.h"

#include <archive.h>
#include <archive_entry.h>

#include <cerrno>

namespace suture::kit {

struct Archive::State {
  State(std::string its_name, const State* its_outer)
      : name(std::move(its_name)), outer(its_outer), handle(::archive_read_new()) {}
  State(const State&) = delete;
  ~State() { ::archive_read_free(handle); }

  std::string name;  // the file's, then " > " and each entry's that leads here
  const State* outer;
  ::archive* handle;
  std::string entry;
  std::int64_t offset = 0;
  std::size_t size = 0;

  const State& outermost() const { return outer == nullptr ? *this : outer->outermost(); }
  std::size_t position() const { return static_cast<std::size_t>(::archive_filter_bytes(outermost().handle, -1)); }

  // libarchive's own sentences are short: "Truncated input", "Lzma library error: Corrupted input data".
  tl::unexpected<Error> error(std::string_view reason = {}) const {
    const char* said = ::archive_error_string(handle);
    if (reason.empty()) reason = said == nullptr ? "cannot be read" : said;
    const auto where = entry.empty() ? name : fmt::format("{} > {}", name, entry);
    return fail(Error(fmt::format("{}: near byte {}: {}", where, position(), reason))
                    .advise("The file is incomplete or corrupt; remove it and fetch it again."));
  }
};

namespace {

// libarchive's callback: hands the outer entry's content to the inner archive.
la_ssize_t read_outer(::archive* inner, void* outer, const void** buffer) {
  auto* from = static_cast<::archive*>(outer);
  std::size_t size = 0;
  la_int64_t offset = 0;
  while (size == 0) {
    const int code = ::archive_read_data_block(from, buffer, &size, &offset);
    if (code == ARCHIVE_EOF) return 0;
    if (code != ARCHIVE_OK) {
      const char* said = ::archive_error_string(from);
      ::archive_set_error(inner, EILSEQ, "%s", said == nullptr ? "cannot be read" : said);
      return -1;
    }
  }
  return static_cast<la_ssize_t>(size);
}

void accept(::archive* handle, Archive::Format format) {
  if (format == Archive::Format::ar) {
    ::archive_read_support_format_ar(handle);
    return;
  }
  ::archive_read_support_format_tar(handle);
  ::archive_read_support_filter_gzip(handle);
  ::archive_read_support_filter_bzip2(handle);
  ::archive_read_support_filter_xz(handle);
  ::archive_read_support_filter_zstd(handle);
  // Reads on to the true end behind tar's end mark, so that the compressor's last checksum is seen.
  ::archive_read_set_format_option(handle, "tar", "read_concatenated_archives", "1");
}

// The path without "." and empty parts; nothing if it could leave the directory it is unpacked in.
std::optional<std::string> inside(std::string_view path) {
  if (path.starts_with('/')) return std::nullopt;
  std::string clean;
  while (!path.empty()) {
    const auto end = std::min(path.find('/'), path.size());
    const auto part = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    if (part == "..") return std::nullopt;
    if (part.empty() || part == ".") continue;
    if (!clean.empty()) clean += '/';
    clean += part;
  }
  return clean;
}

}  // namespace

Archive::Archive(std::unique_ptr<State> state) : state_(std::move(state)) {}
Archive::Archive(Archive&&) noexcept = default;
Archive::~Archive() = default;

Result<Archive> Archive::open(const fs::path& path, Format format) {
  auto state = std::make_unique<State>(path.string(), nullptr);
  accept(state->handle, format);
  std::error_code code;
  state->size = fs::file_size(path, code);
  if (code) return fail("{}: cannot open: {}", path.string(), code.message());
  if (::archive_read_open_filename(state->handle, path.c_str(), 1 << 18) != ARCHIVE_OK) return state->error();
  return Archive(std::move(state));
}

Result<Archive> Archive::open(const Archive& outer, Format format) {
  const auto& from = *outer.state_;
  auto state = std::make_unique<State>(fmt::format("{} > {}", from.name, from.entry), &from);
  accept(state->handle, format);
  if (::archive_read_open(state->handle, from.handle, nullptr, &read_outer, nullptr) != ARCHIVE_OK)
    return state->error();
  return Archive(std::move(state));
}

Result<std::optional<ArchiveEntry>> Archive::next() {
  auto& state = *state_;
  state.entry.clear();
  state.offset = 0;
  ::archive_entry* raw = nullptr;
  const int code = ::archive_read_next_header(state.handle, &raw);
  if (code == ARCHIVE_EOF) return std::optional<ArchiveEntry>();
  if (code != ARCHIVE_OK && code != ARCHIVE_WARN) return state.error();
  const char* name = ::archive_entry_pathname(raw);
  if (name == nullptr) return state.error("an entry has no readable name");
  state.entry = name;
  const auto path = inside(name);
  if (!path) return state.error("its path leads out of the archive");

  ArchiveEntry entry{.path = *path, .executable = (::archive_entry_perm(raw) & 0111) != 0};
  if (::archive_entry_hardlink(raw) != nullptr) return state.error("is a hard link, which kernel packages do not hold");
  switch (::archive_entry_filetype(raw)) {
    case AE_IFREG:
      entry.kind = ArchiveEntry::Kind::file;
      break;
    case AE_IFDIR:
      entry.kind = ArchiveEntry::Kind::directory;
      break;
    case AE_IFLNK: {
      entry.kind = ArchiveEntry::Kind::symlink;
      const char* target = ::archive_entry_symlink(raw);
      if (target == nullptr) return state.error("is a symlink to nowhere");
      entry.target = target;
      break;
    }
    default:
      return state.error("is neither a file, a directory nor a symlink");
  }
  return std::optional(std::move(entry));
}

Result<ByteView> Archive::read() {
  auto& state = *state_;
  const void* buffer = nullptr;
  std::size_t size = 0;
  la_int64_t offset = 0;
  while (size == 0) {
    const int code = ::archive_read_data_block(state.handle, &buffer, &size, &offset);
    if (code == ARCHIVE_EOF) return ByteView();
    if (code != ARCHIVE_OK) return state.error();
  }
  if (offset != state.offset) return state.error("is sparse, which kernel packages are not");
  state.offset += static_cast<std::int64_t>(size);
  return ByteView(static_cast<const std::uint8_t*>(buffer), size);
}

std::size_t Archive::position() const { return state_->position(); }
std::size_t Archive::size() const { return state_->outermost().size; }

}  // namespace suture::kit
