#include "builder/shipped.h"

#include <array>
#include <utility>

#include "base/digest.h"
#include "builder/kbuild/kept.h"
#include "image/vmlinuz.h"

namespace suture::builder {
namespace {

// Unpacking takes a second, much longer than all else that is done with an image.
Result<SharedBytes> unpacked_kernel(const kit::Kit& kit) {
  const auto name = kit.vmlinuz().string();
  const auto packed = TRY(read_file(kit.vmlinuz()));
  const auto path = kit.cache() / ("vmlinux-" + sha256_hex(packed));
  if (auto kept = map_kept(path)) return std::move(*kept);
  auto unpacked = TRY(image::unpack_vmlinuz(packed, name));
  // Without room or permission to keep it, it is unpacked again the next time.
  static_cast<void>(keep(path, unpacked));
  return unpacked;
}

}  // namespace

Result<image::KernelImage> open_image(const kit::Kit& kit) {
  auto kernel = TRY(unpacked_kernel(kit));
  return image::KernelImage::parse(std::move(kernel), kit.vmlinuz().string());
}

Result<std::unique_ptr<ShippedFiles>> ShippedFiles::open(const kit::Kit& kit) {
  auto image = TRY(open_image(kit));
  if (image.release() != kit.release) {
    return fail("{}: is kernel {}, the kit is of {}", kit.vmlinuz().string(), image.release(), kit.release);
  }
  const auto exports = TRY(read_text(kit.symvers()));
  auto symvers = TRY(image::Symvers::parse(exports, kit.symvers().string()));
  const auto dep_path = kit.modules() / "modules.dep";
  const auto dep = TRY(read_text(dep_path));
  auto modules = TRY(kit::ModulesDep::parse(dep, dep_path.string()));
  std::unique_ptr<ShippedFiles> files(new ShippedFiles(kit, std::move(image), std::move(symvers), std::move(modules)));
  // Every module of a kernel has the same vermagic; loop is small and in every configuration.
  files->vermagic_ = TRY(files->module("loop"), "learning the vermagic of {}", kit.release)->vermagic();
  return files;
}

Result<const image::ShippedModule*> ShippedFiles::module(const std::string& name) {
  const std::scoped_lock lock(mutex_);
  auto& module = loaded_[name];
  if (!module) {
    const auto path = TRY(modules_.path(name));
    module = std::make_unique<image::ShippedModule>(TRY(image::ShippedModule::open(directory_ / path)));
  }
  return module.get();
}

patch::EntrySizes ShippedFiles::entry_sizes() const {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> types{
      {{".altinstructions", "alt_instr"},
       {"__bug_table", "bug_entry"},
       {"__ex_table", "exception_table_entry"},
       {"__jump_table", "jump_entry"},
       {".static_call_sites", "static_call_site"},
       {".parainstructions", "paravirt_patch_site"}}};
  patch::EntrySizes sizes;
  for (const auto& [section, type] : types) {
    // A kernel without the type has no such section (paravirt_patch_site went in 6.8).
    if (const auto layout = image_.btf().structure(type)) sizes.emplace(section, layout->size);
  }
  return sizes;
}

}  // namespace suture::builder
