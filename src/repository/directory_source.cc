#include "repository/source.h"
#include "trust/archive.h"

namespace suture::repository {
namespace {

class DirectorySource : public Source {
 public:
  explicit DirectorySource(fs::path directory) : directory_(std::move(directory)) {}

  Result<std::optional<Bytes>> fetch(const std::string& path, std::uint64_t most) override {
    if (!trust::is_clean_name(path)) return fail("{}: '{}' is no name of a file", name(), path);
    return read_plain_file(directory_ / path, most + 1);
  }
  std::string name() const override { return directory_.string(); }

 private:
  fs::path directory_;
};

}  // namespace

Result<std::unique_ptr<Source>> directory_source(const fs::path& directory) {
  std::error_code code;
  if (!fs::is_directory(directory / "metadata", code)) {
    return fail(Error(fmt::format("{}: is no repository: there is no directory metadata in it", directory.string()))
                    .advise("suture publish makes one"));
  }
  return std::unique_ptr<Source>(std::make_unique<DirectorySource>(directory));
}

}  // namespace suture::repository
