// The symbol table of a shipped kernel or module as `readelf -s --wide` prints it: for use where
// there is no kit. GNU readelf and eu-readelf are both read.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace suture::patch {

struct ListedSymbol {
  std::string name;
  std::uint64_t value = 0;
  bool local = false;
  bool file = false;     ///< names the source file whose local symbols follow
  bool defined = false;  ///< what kallsyms would hold: neither undefined, nor a section or file
};

class SymbolList {
 public:
  /// `file` is what errors call the text. Fails on lines that readelf does not print, and on names
  /// that it cut short ("[...]"), naming the line.
  static Result<SymbolList> parse(std::string_view text, std::string_view file);

  const std::vector<ListedSymbol>& symbols() const { return symbols_; }

  /// Indices of the defined symbols of this name, in the order in which livepatch counts them: by
  /// address in a linked kernel (kallsyms is sorted, scripts/kallsyms.c), in table order in a module
  /// (module_kallsyms_on_each_symbol(), kernel/module/kallsyms.c).
  const std::vector<std::size_t>& named(std::string_view name) const;

  /// Livepatch's position of a symbol: 0 if no other has its name, else its number, from 1
  /// (klp_find_callback(), kernel/livepatch/core.c).
  std::size_t position(std::size_t symbol) const;

  /// Whether the image exports the name to modules.
  bool exports(std::string_view name) const;
  bool has_exports() const { return has_exports_; }
  bool has_files() const { return has_files_; }

  /// Whether the list seems to have lost the end of this name: readelf without --wide, before
  /// binutils 2.35, cut names at 25 characters and did not say so.
  bool cuts(std::string_view name) const;

 private:
  std::vector<ListedSymbol> symbols_;
  std::map<std::string, std::vector<std::size_t>, std::less<>> by_name_;
  bool has_exports_ = false;
  bool has_files_ = false;
};

}  // namespace suture::patch
