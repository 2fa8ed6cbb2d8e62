#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kit/kit.h"

namespace suture::builder {

/// Which of a kernel's modules use a symbol that they do not define, by their own symbol tables.
class Importers {
 public:
  /// From the kit's cache, or made and put there, which reads every module: half a minute where they are
  /// compressed.
  static Result<Importers> open(const kit::Kit& kit);

  /// Names of modules, sorted.
  std::vector<std::string> of(std::string_view symbol) const;

 private:
  explicit Importers(std::string text) : text_(std::move(text)) {}

  std::string text_;  ///< a line for each module: "zram memparse zs_malloc … \n"
};

}  // namespace suture::builder
