// Compiles one object of a kernel as kbuild would, with objtool after the compiler.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "builder/compile/compiler_warnings.h"
#include "builder/compile/object_cache.h"
#include "builder/fix/apply.h"
#include "builder/kbuild/kbuild.h"
#include "elf/object.h"
#include "kit/kit.h"

namespace suture::builder {

/// How an object is compiled.
enum class Layout {
  shipped,    ///< as the distribution did, with debug information of who inlined what
  sectioned,  ///< with one section a function and variable
  typed,      ///< sectioned, and with its types in .BTF, which also names the source as the compiler saw it
  expanded,   ///< not compiled: a digest of what the preprocessor makes of it (expanded_text.h)
};

struct Compiled {
  Bytes object;                           ///< of Layout::expanded the digest
  std::vector<std::string> dependencies;  ///< files that the compiler read, as spelled
  std::vector<CompilerWarning> warnings;  ///< in files of the kernel's source as "mm/mmap.c"; sorted
  bool from_cache = false;
  double seconds = 0;  ///< what compiling took; 0 from the cache
};

/// Compiles for one kit. Of DWARF only what is asked for is made: it does not change the code (code match shows
/// that), and takes time. Safe to call from several threads, and several processes share the cache.
class Compiler {
 public:
  /// Fails if the kit's compiler is missing, or is not the one that compiled the kernel.
  static Result<Compiler> open(const kit::Kit& kit);

  /// The file as it is in the kernel's source.
  Result<Compiled> original(const KbuildObject& object, Layout layout) const;

  /// The file with the fix applied. `original_files`: what compiling the original has read. Afterwards
  /// the compiler's own list shows that it read no original of a file that the fix changes.
  Result<Compiled> patched(const KbuildObject& object, Layout layout, const std::vector<PatchedFile>& fix,
                           const std::vector<std::string>& original_files) const;

  /// A file of the kernel's source, as it is there.
  Result<std::string> source_text(std::string_view path) const { return read_text(source_ / path); }

  /// What compilers and objtool have taken so far, in seconds of CPU.
  double cpu_seconds() const { return *cpu_seconds_; }

  /// The file of the fix that the compiler means, if it is one.
  const PatchedFile* find(const std::string& file, const std::vector<PatchedFile>& fix) const;

  /// Whether compiling has read a file that the fix changes.
  bool has_read(const Compiled& compiled, const std::vector<PatchedFile>& fix) const;

 private:
  Compiler(kit::Kit kit, fs::path source, std::string toolchain);

  struct Job;
  Result<Compiled> run_compiler(const Job& job) const;
  Error explain(const Error& error, const KbuildObject& object, Layout layout, std::vector<PatchedFile> fix,
                const std::vector<std::string>& files) const;
  Result<Compiled> run_patched(const KbuildObject& object, Layout layout, const std::vector<PatchedFile>& fix,
                               std::vector<std::string> files) const;
  std::string key(const KbuildObject& object, Layout layout, const std::vector<PatchedFile>& fix) const;
  fs::path path_of(std::string_view file) const;
  std::string digest_of(const std::string& dependency, const std::vector<PatchedFile>& fix) const;

  kit::Kit kit_;
  fs::path source_;        ///< canonical, as kbuild spells it
  std::string toolchain_;  ///< identifies the programs that make objects
  ObjectCache cache_;
  std::shared_ptr<FileDigests> digests_ = std::make_shared<FileDigests>();
  std::shared_ptr<std::atomic<double>> cpu_seconds_ = std::make_shared<std::atomic<double>>(0);
};

/// What Layout::shipped gave, without its debug information, which takes more room than the code.
Result<elf::Object> read_shipped(ByteView object, const std::string& name);

/// Whether two typed objects differ in nothing but .BTF.
Result<bool> equal_but_for_types(ByteView a, ByteView b, const std::string& source);

}  // namespace suture::builder
