// The shipped kernel of a kit, as the verifier asks about it.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/file.h"
#include "check/shipped.h"
#include "image/kernel_image.h"
#include "image/symvers.h"

namespace suture::check {

class ShippedKernel final : public Shipped {
 public:
  /// `image` and `symvers` must outlive the result. `modules` is the directory of the shipped
  /// modules, lib/modules/RELEASE. Fails if that holds no module to learn from.
  static Result<std::unique_ptr<ShippedKernel>> open(const image::KernelImage& image, const image::Symvers& symvers,
                                                     const fs::path& modules);

  const std::string& release() const override { return image_.release(); }
  const std::string& vermagic() const override { return vermagic_; }
  const std::string& build_id() const override { return image_.build_id(); }
  ByteView orc_header() const override { return orc_header_; }
  std::vector<KernelSymbol> symbols(std::string_view name) const override;
  std::optional<KernelSymbol> symbol_at(std::uint64_t address) const override;
  Result<ByteView> bytes(std::uint64_t address, std::uint64_t length) const override {
    return image_.bytes_at(address, length);
  }
  bool is_traceable(std::uint64_t function) const override { return image_.has_fentry(function); }
  bool in_init(std::uint64_t address) const override { return image_.in_init(address); }
  std::uint64_t text_begin() const override { return text_begin_; }
  std::uint64_t text_end() const override { return text_end_; }
  Result<image::Layout> layout(std::string_view structure) const override { return image_.btf().structure(structure); }
  const image::Export* find_export(std::string_view symbol) const override { return symvers_.find(symbol); }
  Result<const ModuleFile*> module(std::string_view name) const override;
  Result<std::vector<std::string>> importers(std::string_view symbol) const override;

 private:
  struct Loaded {
    Bytes bytes;
    std::unique_ptr<ModuleFile> module;
  };

  ShippedKernel(const image::KernelImage& image, const image::Symvers& symvers) : image_(image), symvers_(symvers) {}
  Status index_modules(const fs::path& directory);
  KernelSymbol symbol(std::size_t index) const;

  const image::KernelImage& image_;
  const image::Symvers& symvers_;
  std::string vermagic_;
  Bytes orc_header_;
  std::uint64_t text_begin_ = 0;
  std::uint64_t text_end_ = 0;
  std::map<std::string, fs::path, std::less<>> files_;  ///< by the kernel's name of the module
  mutable std::mutex mutex_;                            ///< guards loaded_
  mutable std::map<std::string, Loaded, std::less<>> loaded_;
};

}  // namespace suture::check
