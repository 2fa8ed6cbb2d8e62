// What the verifier asks about the kernel that a live patch is made for. An interface, so that the
// checks can be tested against a small kernel that a test makes up; ShippedKernel (shipped_kernel.h)
// answers from a kit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "check/module_file.h"
#include "image/btf.h"
#include "image/symvers.h"

namespace suture::check {

/// A symbol of vmlinux. Kallsyms has no sizes: `end` is where the next symbol begins.
struct KernelSymbol {
  std::string name;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  char type = '?';  ///< as in /proc/kallsyms

  bool is_code() const { return type == 't' || type == 'T' || type == 'w' || type == 'W'; }
};

/// All addresses are those of the linked kernel, before KASLR.
class Shipped {
 public:
  virtual ~Shipped() = default;

  virtual const std::string& release() const = 0;
  /// With its trailing space, as the kernel compares it.
  virtual const std::string& vermagic() const = 0;
  /// vmlinux', in lower-case hexadecimal.
  virtual const std::string& build_id() const = 0;

  /// What stands for the form of its ORC entries, in .orc_header of every module of it; empty before 6.4.
  virtual ByteView orc_header() const = 0;

  /// All symbols of this name, in the order of the kernel's table.
  virtual std::vector<KernelSymbol> symbols(std::string_view name) const = 0;
  /// The symbol that covers `address`: of aliases the first.
  virtual std::optional<KernelSymbol> symbol_at(std::uint64_t address) const = 0;

  /// What is linked there; fails where the image has no such bytes.
  virtual Result<ByteView> bytes(std::uint64_t address, std::uint64_t length) const = 0;
  /// Where ftrace can hook in, so livepatch can replace the function that begins here.
  virtual bool is_traceable(std::uint64_t function) const = 0;
  /// Given back after boot.
  virtual bool in_init(std::uint64_t address) const = 0;
  /// [begin, end) of the code that stays.
  virtual std::uint64_t text_begin() const = 0;
  virtual std::uint64_t text_end() const = 0;

  virtual Result<image::Layout> layout(std::string_view structure) const = 0;
  /// None if neither vmlinux nor a shipped module exports it.
  virtual const image::Export* find_export(std::string_view symbol) const = 0;

  /// A shipped module by the kernel's name for it, with underscores. nullptr if this kernel has none.
  virtual Result<const ModuleFile*> module(std::string_view name) const = 0;
  /// The shipped modules that use a symbol of this name which they do not define, sorted. May take long: each
  /// of them is read.
  virtual Result<std::vector<std::string>> importers(std::string_view symbol) const = 0;
};

}  // namespace suture::check
