// What the distribution ships of one kernel, read once for a build.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "image/kernel_image.h"
#include "image/shipped_module.h"
#include "image/symvers.h"
#include "kit/kit.h"
#include "kit/modules_dep.h"
#include "patch/passes/tables.h"

namespace suture::builder {

/// The kernel of the kit. Unpacked once, and then kept so in the kit's cache.
Result<image::KernelImage> open_image(const kit::Kit& kit);

class ShippedFiles {
 public:
  static Result<std::unique_ptr<ShippedFiles>> open(const kit::Kit& kit);

  const image::KernelImage& image() const { return image_; }
  const image::Symvers& symvers() const { return symvers_; }
  /// With its trailing space, as every shipped module has it.
  const std::string& vermagic() const { return vermagic_; }
  bool has_module(const std::string& name) const { return modules_.path(name).has_value(); }
  /// The shipped module of this name; read on first use, kept. Safe to call from several threads.
  Result<const image::ShippedModule*> module(const std::string& name);

  /// How long entries of the kernel's tables are, by its own types.
  patch::EntrySizes entry_sizes() const;

 private:
  ShippedFiles(const kit::Kit& kit, image::KernelImage image, image::Symvers symvers, kit::ModulesDep modules)
      : directory_(kit.modules()),
        image_(std::move(image)),
        symvers_(std::move(symvers)),
        modules_(std::move(modules)) {}

  fs::path directory_;
  image::KernelImage image_;
  image::Symvers symvers_;
  kit::ModulesDep modules_;
  std::string vermagic_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<image::ShippedModule>> loaded_;
};

}  // namespace suture::builder
