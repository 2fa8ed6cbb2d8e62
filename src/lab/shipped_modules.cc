#include "lab/shipped_modules.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <memory>
#include <set>

#include "base/words.h"

namespace suture::lab {
namespace {

constexpr std::size_t largest_module = 256 << 20;

bool is_inside(std::string_view path) {
  return !path.empty() && !path.starts_with('/') && fmt::format("/{}/", path).find("/../") == std::string::npos;
}

Result<Bytes> decompressed(ByteView file, const std::string& name) {
  const std::unique_ptr<archive, decltype(&archive_read_free)> reader(archive_read_new(), &archive_read_free);
  archive_read_support_filter_all(reader.get());
  archive_read_support_format_raw(reader.get());
  const auto failure = [&] { return fail("{}: cannot be decompressed: {}", name, archive_error_string(reader.get())); };
  archive_entry* entry = nullptr;
  if (archive_read_open_memory(reader.get(), file.data(), file.size()) != ARCHIVE_OK ||
      archive_read_next_header(reader.get(), &entry) != ARCHIVE_OK)
    return failure();
  Bytes out;
  constexpr std::size_t chunk = 1 << 20;
  while (true) {
    const auto old_size = out.size();
    if (old_size > largest_module) return fail("{}: unpacks to more than {} bytes", name, largest_module);
    out.resize(old_size + chunk);
    const auto count = archive_read_data(reader.get(), out.data() + old_size, chunk);
    out.resize(old_size + static_cast<std::size_t>(std::max<la_ssize_t>(count, 0)));
    if (count < 0) return failure();
    if (count == 0) return out;
  }
}

}  // namespace

std::string module_name(std::string_view path) {
  const auto file = base_name(path);
  std::string name(file.substr(0, file.find('.')));
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

Result<ShippedModules> ShippedModules::open(const fs::path& root) {
  const auto dep = read_text(root / "modules.dep");
  if (!dep) {
    return fail(Error(dep.error())
                    .advise(fmt::format("run depmod -b DIRECTORY {}, where DIRECTORY holds lib/modules",
                                        root.filename().string())));
  }
  const auto softdep = TRY(read_text(root / "modules.softdep"));
  const auto alias = TRY(read_text(root / "modules.alias"));
  return parse(*dep, softdep, alias, root);
}

Result<ShippedModules> ShippedModules::parse(std::string_view dep, std::string_view softdep, std::string_view alias,
                                             const fs::path& root) {
  ShippedModules modules;
  TRY(modules.add_dependencies(dep, root));
  modules.add_soft_dependencies(softdep);
  modules.add_aliases(alias);
  return modules;
}

// "kernel/net/8021q/8021q.ko: kernel/net/802/mrp.ko kernel/net/802/garp.ko"
Status ShippedModules::add_dependencies(std::string_view dep, const fs::path& root) {
  for (auto line : lines_of(dep)) {
    if (line.find(':') == std::string_view::npos)
      return fail("{}/modules.dep: '{}' is not of the form PATH: PATH...", root.string(), line);
    const auto path = take_until(line, ':');
    if (!is_inside(path)) return fail("{}/modules.dep: '{}' is not a path below it", root.string(), path);
    Module module{.path = root / path};
    for (const auto needed : words_of(line)) module.needs.push_back(module_name(needed));
    modules_.insert_or_assign(module_name(path), std::move(module));
  }
  return {};
}

// "softdep btrfs pre: sha256 post: other"; what comes after is of no use for loading.
void ShippedModules::add_soft_dependencies(std::string_view softdep) {
  for (const auto line : lines_of(softdep)) {
    const auto words = words_of(line);
    if (words.size() < 3 || words[0] != "softdep") continue;
    const auto module = modules_.find(module_name(words[1]));
    if (module == modules_.end()) continue;
    bool pre = false;
    for (const auto word : words) {
      if (word.ends_with(':')) {
        pre = word == "pre:";
      } else if (pre) {
        module->second.softly.emplace_back(word);
      }
    }
  }
}

// "alias crc32c crc32c_generic"; the aliases of devices are patterns, and nobody depends on those.
void ShippedModules::add_aliases(std::string_view alias) {
  for (const auto line : lines_of(alias)) {
    const auto words = words_of(line);
    if (words.size() != 3 || words[0] != "alias" || words[1].find_first_of("*?[") != std::string_view::npos) continue;
    aliases_[std::string(words[1])].push_back(module_name(words[2]));
  }
}

class ShippedModules::Ordering {
 public:
  explicit Ordering(const ShippedModules& shipped) : shipped_(shipped) {}

  void visit(const std::string& name) {
    const auto module = shipped_.modules_.find(name);
    if (module == shipped_.modules_.end() || !seen_.insert(name).second) return;
    for (const auto& softly : module->second.softly) {
      visit(module_name(softly));
      const auto meant = shipped_.aliases_.find(softly);
      if (meant == shipped_.aliases_.end()) continue;
      for (const auto& other : meant->second) visit(other);
    }
    for (const auto& needed : module->second.needs) visit(needed);
    order_.push_back(name);
  }
  std::vector<std::string> take() { return std::move(order_); }

 private:
  const ShippedModules& shipped_;
  std::set<std::string> seen_;
  std::vector<std::string> order_;
};

std::vector<std::string> ShippedModules::load_order(const std::vector<std::string>& wanted) const {
  Ordering ordering(*this);
  for (const auto& name : wanted) ordering.visit(name);
  return ordering.take();
}

Result<Bytes> ShippedModules::read(std::string_view name) const {
  const auto module = modules_.find(name);
  if (module == modules_.end()) return fail("this kernel ships no module {}", name);
  const auto& path = module->second.path;
  auto file = TRY(read_file(path));
  if (path.extension() == ".ko") return file;
  return decompressed(file, path.string());
}

}  // namespace suture::lab
