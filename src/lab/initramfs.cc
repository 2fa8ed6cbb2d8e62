#include "lab/initramfs.h"

#include <archive.h>
#include <archive_entry.h>
#include <elf.h>

#include <cstddef>
#include <memory>

namespace suture::lab {
namespace {

using Archive = std::unique_ptr<archive, decltype(&archive_write_free)>;
using Entry = std::unique_ptr<archive_entry, decltype(&archive_entry_free)>;

la_ssize_t append(archive*, void* out, const void* bytes, size_t count) {
  const auto* from = static_cast<const std::uint8_t*>(bytes);
  static_cast<Bytes*>(out)->insert(static_cast<Bytes*>(out)->end(), from, from + count);
  return static_cast<la_ssize_t>(count);
}

tl::unexpected<Error> archive_failure(archive* writer) {
  const char* reason = archive_error_string(writer);
  return fail("cannot write the initramfs: {}", reason == nullptr ? "unknown reason" : reason);
}

}  // namespace

void Initramfs::add(const std::string& path, Entry entry) {
  for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1))
    entries_.try_emplace(path.substr(0, slash), Entry{AE_IFDIR, 0755, {}});
  entries_.insert_or_assign(path, std::move(entry));
}

void Initramfs::add_file(const std::string& path, Bytes content, unsigned mode) {
  add(path, {AE_IFREG, mode, std::move(content)});
}

void Initramfs::add_text(const std::string& path, std::string_view text, unsigned mode) {
  add_file(path, Bytes(text.begin(), text.end()), mode);
}

void Initramfs::add_directory(const std::string& path) { add(path, {AE_IFDIR, 0755, {}}); }

void Initramfs::add_link(const std::string& path, const std::string& target) {
  add(path, {AE_IFLNK, 0777, Bytes(target.begin(), target.end())});
}

Result<Bytes> Initramfs::pack() const {
  Bytes out;
  const Archive writer(archive_write_new(), &archive_write_free);
  const auto ok = [&](la_ssize_t code) { return code >= ARCHIVE_WARN; };
  if (!ok(archive_write_set_format_cpio_newc(writer.get())) ||
      !ok(archive_write_set_bytes_in_last_block(writer.get(), 1)) ||
      !ok(archive_write_open2(writer.get(), &out, nullptr, &append, nullptr, nullptr)))
    return archive_failure(writer.get());
  for (const auto& [path, entry] : entries_) {
    const lab::Entry header(archive_entry_new(), &archive_entry_free);
    archive_entry_set_pathname(header.get(), path.c_str());
    archive_entry_set_mode(header.get(), static_cast<mode_t>(entry.type | entry.mode));
    archive_entry_set_nlink(header.get(), 1);
    archive_entry_set_size(header.get(), entry.type == AE_IFREG ? static_cast<la_int64_t>(entry.content.size()) : 0);
    if (entry.type == AE_IFLNK) archive_entry_set_symlink(header.get(), std::string(as_text(entry.content)).c_str());
    if (!ok(archive_write_header(writer.get(), header.get()))) return archive_failure(writer.get());
    if (entry.type == AE_IFREG && !ok(archive_write_data(writer.get(), entry.content.data(), entry.content.size())))
      return archive_failure(writer.get());
  }
  if (!ok(archive_write_close(writer.get()))) return archive_failure(writer.get());
  return out;
}

Result<Bytes> read_static_busybox(const fs::path& path) {
  auto bytes = TRY(read_file(path));
  const Reader reader(bytes, path.string());
  if (!as_text(bytes).starts_with(ELFMAG)) return fail("{}: is not an ELF program", path.string());
  const auto table = TRY(reader.at<std::uint64_t>(offsetof(Elf64_Ehdr, e_phoff)));
  const auto count = TRY(reader.at<std::uint16_t>(offsetof(Elf64_Ehdr, e_phnum)));
  for (std::uint64_t i = 0; i < count; ++i) {
    if (TRY(reader.at<std::uint32_t>(table + i * sizeof(Elf64_Phdr))) == PT_INTERP)
      return fail(Error(fmt::format("{}: is dynamically linked, and the guest has no libraries", path.string()))
                      .advise("install the package busybox-static"));
  }
  return bytes;
}

Result<Bytes> read_static_busybox() {
  for (const auto* path : {"/bin/busybox", "/usr/bin/busybox"}) {
    if (fs::exists(path)) return read_static_busybox(path);
  }
  return fail(
      Error("no busybox in /bin: it is the user space of the guest").advise("install the package busybox-static"));
}

}  // namespace suture::lab
