#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "builder/promotion/definitions.h"
#include "builder/sources/includers.h"
#include "image/kernel_image.h"
#include "image/shipped_module.h"

namespace suture::builder {

/// In which sources to look for a function of a shipped object, most likely first: the files that define
/// its name, and those that define its neighbours, since a linker leaves together what one file holds;
/// and of a file that others include, those.
class Candidates {
 public:
  Candidates(const Definitions& definitions, const Includers& includers)
      : definitions_(definitions), includers_(includers) {}

  std::vector<std::string> of(const image::KernelImage& kernel, std::uint64_t address) const;
  std::vector<std::string> of(const image::ShippedModule& module, elf::SymbolIndex function) const;

 private:
  /// `before` and `after`: the object's functions in the order in which they lie, nearest first.
  std::vector<std::string> rank(const std::string& name, const std::vector<std::string>& before,
                                const std::vector<std::string>& after) const;

  const Definitions& definitions_;
  const Includers& includers_;
};

}  // namespace suture::builder
