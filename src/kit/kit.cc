#include "kit/kit.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/json.h"
#include "kit/release.h"
#include "kit/store.h"

namespace suture::kit {

BOOST_DESCRIBE_STRUCT(Kit, (),
                      (release, series, package_version, compiler, compiler_version, ibt, make_variables, created,
                       created_by, bytes, seconds))

namespace {

// Raised when what an older Suture has made cannot be used any more.
constexpr int format = 1;

struct Record {
  int format = 0;
  std::string root;
  Kit kit;
};
BOOST_DESCRIBE_STRUCT(Record, (), (format, root, kit))

fs::path marker(const fs::path& root) { return root / "kit.json"; }

Result<Kit> read_kit(const fs::path& root) {
  const auto path = marker(root);
  const auto text = TRY(read_text(path));
  auto record = TRY(json::from_text<Record>(text, path.string()));
  if (record.format != format)
    return fail("{}: has format {}, this Suture needs {}", path.string(), record.format, format);
  // The O= tree is full of absolute paths.
  if (record.root != root) return fail("{}: was made in {}, and a kit cannot be moved", path.string(), record.root);
  record.kit.root = root;
  return std::move(record.kit);
}

}  // namespace

Result<fs::path> cache_directory() {
  const auto variable = [](const char* name) -> fs::path {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
  };
  fs::path cache = variable("SUTURE_CACHE");
  if (cache.empty() && !variable("XDG_CACHE_HOME").empty()) cache = variable("XDG_CACHE_HOME") / "suture";
  if (cache.empty() && !variable("HOME").empty()) cache = variable("HOME") / ".cache" / "suture";
  if (cache.empty()) return fail(Error("no directory for kits is known").advise("Set SUTURE_CACHE or HOME."));
  std::error_code code;
  const auto absolute = fs::weakly_canonical(fs::absolute(cache, code), code);
  if (code) return fail("{}: {}", cache.string(), code.message());
  // A limit of the kernel's makefiles.
  if (absolute.native().find_first_of(" \t:") != std::string::npos) {
    return fail(Error(fmt::format("{}: a kernel cannot be built below a path with a space or colon", absolute.string()))
                    .advise("Set SUTURE_CACHE to another directory."));
  }
  return absolute;
}

fs::path kit_root(const fs::path& cache, std::string_view release) { return cache / "kits" / release; }
fs::path downloads(const fs::path& cache) { return cache / "downloads"; }

Result<FileLock> lock_kit(const fs::path& cache, std::string_view release) {
  TRY(make_directories(cache / "kits"));
  return FileLock::take(cache / "kits" / fmt::format("{}.lock", release));
}

Result<Kit> open_kit(std::string_view release) {
  TRY(check_release(release));
  const auto cache = TRY(cache_directory());
  const auto root = kit_root(cache, release);
  const auto advice = fmt::format("Make it with: suture kit add {}", release);
  std::error_code ignored;
  if (!fs::exists(marker(root), ignored))
    return fail(
        Error(fmt::format("there is no kit for {} in {}", release, root.parent_path().string())).advise(advice));
  auto kit = read_kit(root);
  if (!kit) return fail(std::move(kit).error().advise(advice));
  return kit;
}

Result<std::vector<Kit>> list_kits() {
  const auto kits_directory = TRY(cache_directory()) / "kits";
  std::vector<Kit> kits;
  std::error_code code;
  if (!fs::exists(kits_directory, code)) return kits;
  for (const auto& entry : fs::directory_iterator(kits_directory, code)) {
    if (!check_release(entry.path().filename().native())) continue;
    // What is unfinished or of another Suture is no kit; `kit add` replaces it.
    if (auto kit = read_kit(entry.path())) kits.push_back(std::move(*kit));
  }
  if (code) return fail("{}: cannot list: {}", kits_directory.string(), code.message());
  std::sort(kits.begin(), kits.end(),
            [](const Kit& a, const Kit& b) { return ::strverscmp(a.release.c_str(), b.release.c_str()) < 0; });
  return kits;
}

Status sync_kit(const Kit& kit) {
  const int fd = ::open(kit.root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::syncfs(fd) == 0;
  const int code = errno;
  if (fd >= 0) ::close(fd);
  if (!synced) return fail("{}: cannot write to the disk: {}", kit.root.string(), std::strerror(code));
  return {};
}

Status save_kit(const Kit& kit) {
  return write_text(marker(kit.root), json::to_text(Record{.format = format, .root = kit.root.string(), .kit = kit}));
}

Status discard_kit(const fs::path& cache, std::string_view release) {
  const auto root = kit_root(cache, release);
  const auto away = root.parent_path() / fmt::format(".discarded.{}", release);
  TRY(remove_tree(away));
  std::error_code code;
  if (fs::exists(root, code)) fs::rename(root, away, code);
  if (code) return fail("{}: cannot move away: {}", root.string(), code.message());
  return remove_tree(away);
}

Status remove_kit(std::string_view release) {
  TRY(check_release(release));
  const auto cache = TRY(cache_directory());
  std::error_code code;
  const auto root = kit_root(cache, release);
  if (!fs::exists(root, code))
    return fail(Error(fmt::format("there is no kit for {} in {}", release, root.parent_path().string()))
                    .advise("See: suture kit list"));
  const auto lock = TRY(lock_kit(cache, release));
  return discard_kit(cache, release);
}

}  // namespace suture::kit
