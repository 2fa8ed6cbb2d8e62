#include "check/shipped_kernel.h"

#include <algorithm>

#include "base/parallel.h"
#include "image/decompress.h"

namespace suture::check {
namespace {

constexpr std::uint64_t largest_module = 256U << 20;

/// "snd_hda_intel" of "snd-hda-intel.ko.xz"; empty for other files.
std::string module_name(const fs::path& file) {
  auto name = file.filename().string();
  const auto suffix = name.rfind(".ko");
  if (suffix == std::string::npos || suffix == 0) return {};
  const auto rest = name.substr(suffix);
  if (rest != ".ko" && rest != ".ko.xz" && rest != ".ko.zst" && rest != ".ko.gz") return {};
  name.resize(suffix);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

Result<Bytes> read_module(const fs::path& file) {
  auto bytes = TRY(read_file(file));
  if (const auto compression = image::compression_of(bytes))
    return image::decompress(bytes, *compression, largest_module, file.string());
  return bytes;
}

}  // namespace

Result<std::unique_ptr<ShippedKernel>> ShippedKernel::open(const image::KernelImage& image,
                                                           const image::Symvers& symvers, const fs::path& modules) {
  auto shipped = std::unique_ptr<ShippedKernel>(new ShippedKernel(image, symvers));
  shipped->text_begin_ = TRY(image.symbols().unique_address("_stext"));
  shipped->text_end_ = TRY(image.symbols().unique_address("_etext"));
  TRY(shipped->index_modules(modules));
  for (const auto& [name, file] : shipped->files_) {
    const auto bytes = TRY(read_module(file));
    const auto module = TRY(ModuleFile::parse(bytes, file.string()));
    const auto vermagic = module.modinfo("vermagic");
    if (!vermagic) return fail("{}: has no vermagic in .modinfo", file.string());
    shipped->vermagic_ = *vermagic;
    if (const auto* header = module.find(".orc_header"))
      shipped->orc_header_.assign(header->data.begin(), header->data.end());
    return shipped;
  }
  return fail("{}: holds no kernel module", modules.string());
}

Status ShippedKernel::index_modules(const fs::path& directory) {
  std::error_code error;
  for (auto at = fs::recursive_directory_iterator(directory, error); !error && at != fs::recursive_directory_iterator();
       at.increment(error))
    if (auto name = module_name(at->path()); !name.empty()) files_.emplace(std::move(name), at->path());
  if (error) return fail("{}: {}", directory.string(), error.message());
  return {};
}

KernelSymbol ShippedKernel::symbol(std::size_t index) const {
  const auto& all = image_.symbols().symbols();
  const auto& found = all[index];
  auto next = index + 1;
  while (next < all.size() && all[next].address == found.address) ++next;
  return {.name = found.name,
          .begin = found.address,
          .end = next < all.size() ? all[next].address : found.address,
          .type = found.type};
}

std::vector<KernelSymbol> ShippedKernel::symbols(std::string_view name) const {
  std::vector<KernelSymbol> found;
  for (const auto index : image_.symbols().named(name)) found.push_back(symbol(index));
  return found;
}

std::optional<KernelSymbol> ShippedKernel::symbol_at(std::uint64_t address) const {
  const auto index = image_.symbols().symbol_covering(address);
  if (!index) return std::nullopt;
  return symbol(*index);
}

Result<const ModuleFile*> ShippedKernel::module(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  if (const auto known = loaded_.find(name); known != loaded_.end()) return known->second.module.get();
  const auto file = files_.find(name);
  if (file == files_.end()) return nullptr;
  Loaded loaded{.bytes = TRY(read_module(file->second)), .module = nullptr};
  loaded.module = std::make_unique<ModuleFile>(TRY(ModuleFile::parse(loaded.bytes, file->second.string())));
  return loaded_.emplace(name, std::move(loaded)).first->second.module.get();
}

// Few of thousands hold the name at all; only these are taken apart.
Result<std::vector<std::string>> ShippedKernel::importers(std::string_view symbol) const {
  std::vector<std::pair<std::string, fs::path>> files(files_.begin(), files_.end());
  std::vector<std::string> found;
  std::mutex mutex;
  const auto look = [&](std::size_t i) -> Status {
    const auto bytes = TRY(read_module(files[i].second));
    if (as_text(bytes).find(fmt::format("{0}{1}{0}", '\0', symbol)) == std::string_view::npos) return {};
    const auto module = TRY(ModuleFile::parse(bytes, files[i].second.string()));
    const auto imports = [&](const Symbol& each) { return !each.is_defined() && each.name == symbol; };
    if (std::ranges::none_of(module.symbols(), imports)) return {};
    const std::lock_guard lock(mutex);
    found.push_back(files[i].first);
    return {};
  };
  TRY(for_each_parallel(files.size(), look));
  std::ranges::sort(found);
  return found;
}

}  // namespace suture::check
