// Which source files of a kernel may define a function of some name, by their text alone. The shipped
// kernel does not say where a function came from; this says where to look. What is found is compiled and
// compared with the shipped code before it is believed.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "builder/sources/includers.h"
#include "kit/kit.h"

namespace suture::builder {

/// Names that `text` seems to define functions of: what stands before a parenthesis on a line that begins
/// with a word, and what stands first in the parentheses of a macro there (SYSCALL_DEFINE3(read, …)).
std::vector<std::string_view> scan_definitions(std::string_view text);

class Definitions {
 public:
  /// From the kit's cache, or made of the C files among `includers.files()` and put there; a second or two.
  static Result<Definitions> open(const kit::Kit& kit, const Includers& includers);

  /// For tests: from (file, names) pairs.
  static Definitions make(const std::vector<std::pair<std::string, std::vector<std::string>>>& files);

  /// The files that may define the function, sorted. What compilers append to a name ("foo.isra.0"), and
  /// what the kernel puts before a system call's, is no part of it.
  std::vector<std::string> files_of(std::string_view function) const;

 private:
  explicit Definitions(std::string text);
  std::string_view line_of(std::string_view name) const;

  std::string text_;  ///< as it is kept: see make()
  std::vector<std::string> files_;
  std::size_t names_begin_ = 0;  ///< in text_
};

}  // namespace suture::builder
