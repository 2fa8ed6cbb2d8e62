// A shipped kernel, read from its vmlinuz alone: code and data by address, symbols, types, and where
// ftrace can hook in. Nothing of it needs debug information.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/file.h"
#include "base/result.h"
#include "base/shared_bytes.h"
#include "image/absolute_fields.h"
#include "image/btf.h"
#include "image/kallsyms.h"
#include "image/sections.h"

namespace suture::image {

/// [begin, end)
struct AddressRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  bool holds(std::uint64_t address) const { return address >= begin && address < end; }
};

/// All addresses are as linked, before KASLR.
class KernelImage {
 public:
  /// Reads and unpacks a bzImage.
  static Result<KernelImage> open(const fs::path& vmlinuz);

  /// From the unpacked kernel, as unpack_vmlinuz() returns it. `name` is what errors call it.
  /// Fails unless it has kallsyms, BTF, and ftrace's table of call sites.
  static Result<KernelImage> parse(SharedBytes elf, std::string_view name);

  const Kallsyms& symbols() const { return symbols_; }
  const Btf& btf() const { return btf_; }

  /// What is linked at `address`, within one section. Fails outside of every section, and where the
  /// file has no bytes (.bss). The bytes are the file's: the kernel changes some at boot
  /// (alternatives, call sites of ftrace, static keys and calls, return thunks).
  Result<ByteView> bytes_at(std::uint64_t address, std::uint64_t length) const;

  const std::vector<LoadedSection>& sections() const { return sections_; }
  /// The section that holds `address`, or none.
  const LoadedSection* section_at(std::uint64_t address) const;
  /// Fields that hold absolute addresses. Read anew at each call.
  Result<AbsoluteFields> absolute_fields() const { return read_absolute_fields(elf_.view(), name_); }

  /// The GNU build-id in lower-case hexadecimal, as in /sys/kernel/notes.
  const std::string& build_id() const { return build_id_; }
  /// "Linux version 6.1.0-53-amd64 (…) (gcc-12 …) #1 SMP …", without the line's end.
  const std::string& banner() const { return banner_; }
  /// "6.1.0-53-amd64"
  const std::string& release() const { return release_; }
  /// The compiler's and the linker's version line, from the banner.
  const std::string& compiler() const { return compiler_; }

  /// The place where ftrace hooks into the function at `function`: its first instruction, or on
  /// kernels with IBT the one after ENDBR64. None if the function is not traceable, so livepatch
  /// cannot replace it. From the shipped __mcount_loc table, whose zero entries (functions that
  /// the linker dropped) count for nothing.
  std::optional<std::uint64_t> fentry_site(std::uint64_t function) const;
  bool has_fentry(std::uint64_t function) const { return fentry_site(function).has_value(); }

  /// Whether the kernel has the CPU track indirect branches (IBT), where that can.
  bool tracks_indirect_branches() const { return tracks_indirect_branches_; }
  /// Whether an indirect branch may lead to `address` on such a kernel: there is an ENDBR64, which the
  /// kernel does not take away at boot (apply_seal_endbr(), arch/x86/kernel/alternative.c).
  bool is_indirect_target(std::uint64_t address) const;

  /// Code that stays (_stext to _etext).
  bool in_text(std::uint64_t address) const { return text_.holds(address); }
  /// Memory that is given back after boot: init code and data (__init_begin to __init_end, which
  /// holds _sinittext to _einittext, and .exit.text).
  bool in_init(std::uint64_t address) const { return init_.holds(address); }
  /// Init code.
  bool in_init_text(std::uint64_t address) const { return init_text_.holds(address); }
  /// Code that must not be traced or probed (.noinstr.text).
  bool in_noinstr(std::uint64_t address) const { return noinstr_.holds(address); }
  /// An offset in the per-CPU area, not an address: per-CPU variables are linked at 0 up to 6.14.
  bool in_percpu(std::uint64_t address) const { return percpu_.holds(address); }

 private:
  KernelImage(SharedBytes elf, std::string name, std::vector<LoadedSection> sections, Kallsyms symbols, Btf btf)
      : elf_(std::move(elf)),
        name_(std::move(name)),
        sections_(std::move(sections)),
        symbols_(std::move(symbols)),
        btf_(std::move(btf)) {}
  Status read_identity();
  Status read_call_sites();
  Status read_ranges();
  Status read_sealed();
  Result<AddressRange> range(std::string_view begin, std::string_view end) const;

  SharedBytes elf_;
  std::string name_;
  std::vector<LoadedSection> sections_;
  Kallsyms symbols_;
  Btf btf_;
  std::string build_id_;
  std::string banner_;
  std::string release_;
  std::string compiler_;
  std::vector<std::uint64_t> call_sites_;  ///< sorted
  bool tracks_indirect_branches_ = false;
  std::vector<std::uint64_t> sealed_;  ///< sorted
  AddressRange text_;
  AddressRange init_;
  AddressRange init_text_;
  AddressRange noinstr_;
  AddressRange percpu_;
};

}  // namespace suture::image
