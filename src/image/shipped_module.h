// A kernel module as its package ships it: its object, what it says of itself, and how livepatch
// counts its symbols.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/file.h"
#include "base/result.h"
#include "elf/object.h"

namespace suture::image {

class ShippedModule {
 public:
  /// Reads a .ko file, plain or compressed with gzip, xz or zstd.
  static Result<ShippedModule> open(const fs::path& path);
  /// The same from the file's bytes. `file_name` is what errors call it.
  /// Fails unless it is an x86-64 module with a name and a vermagic.
  static Result<ShippedModule> parse(ByteView file, std::string_view file_name);

  /// As the kernel knows it: "dma_buf", not "dma-buf".
  const std::string& name() const { return name_; }
  /// With the space at its end.
  const std::string& vermagic() const { return vermagic_; }
  /// GNU build-id in lower-case hexadecimal; empty if the module has none.
  const std::string& build_id() const { return build_id_; }
  /// The entries of .modinfo, in its order; keys may repeat ("alias").
  const std::vector<std::pair<std::string, std::string>>& modinfo() const { return modinfo_; }
  /// The value of the first entry with this key.
  std::optional<std::string_view> modinfo(std::string_view key) const;

  /// Symbols keep the order and the indices of the file's symbol table.
  const elf::Object& object() const { return object_; }

  /// Whether an indirect branch may lead to the function on a kernel that has the CPU track them: it
  /// begins with ENDBR64, which the kernel does not take away when it loads the module.
  bool is_indirect_target(elf::SymbolIndex function) const;

  /// All symbols of this name that are not undefined, in table order: what livepatch counts while
  /// the module is being loaded.
  std::vector<elf::SymbolIndex> named(std::string_view name) const;

  /// Whether the symbol is still in the kernel's table once the module has been initialised: it has
  /// a name, and lies in memory that stays. (is_core_symbol() in kernel/module/kallsyms.c, with
  /// CONFIG_KALLSYMS_ALL and CONFIG_MODULE_UNLOAD: code of .exit.text stays.)
  bool is_core(elf::SymbolIndex symbol) const;

  /// Livepatch's position (sympos) of a symbol, by module_kallsyms_on_each_symbol(): 0 if its name
  /// occurs once, else its number, from 1, among those of its name in table order. While the module
  /// is being loaded (COMING) the kernel goes through all symbols that are not undefined; once it
  /// is LIVE, through the core symbols only. None where the kernel would not meet the symbol.
  std::optional<std::size_t> coming_position(elf::SymbolIndex symbol) const;
  std::optional<std::size_t> live_position(elf::SymbolIndex symbol) const;

  /// The position that finds the symbol in both states; a patch cannot know in which it meets the
  /// module. Usually both positions are equal. Where an init symbol shares the name, the number
  /// still serves if that symbol comes later, since livepatch stops counting at the number asked
  /// for. Fails if no number does, and for symbols that are not core.
  Result<std::size_t> position_of(elf::SymbolIndex symbol) const;

 private:
  ShippedModule(elf::Object object, std::string file_name)
      : object_(std::move(object)), file_name_(std::move(file_name)) {}
  Status read_modinfo();
  void read_build_id();
  void index_names();

  /// Among the symbols of one name: this one's number, from 1, and how many there are.
  struct Count {
    std::size_t number = 0;
    std::size_t all = 0;
    std::size_t position() const { return all == 1 ? 0 : number; }
  };
  Count count_coming(elf::SymbolIndex symbol) const;
  Count count_live(elf::SymbolIndex symbol) const;

  elf::Object object_;
  std::string file_name_;
  std::string name_;
  std::string vermagic_;
  std::string build_id_;
  std::vector<std::pair<std::string, std::string>> modinfo_;
  std::vector<elf::SymbolIndex> by_name_;  ///< what is not undefined, sorted by name, then index
};

}  // namespace suture::image
