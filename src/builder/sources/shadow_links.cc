#include "builder/sources/shadow_links.h"

#include <algorithm>
#include <map>
#include <set>

#include "builder/sources/include_scan.h"

namespace suture::builder {
namespace {

std::string normal(const fs::path& spelled) { return spelled.lexically_normal().string(); }

// What the quoted includes of a file mean if it lies beside the file.
std::set<std::string> beside(const fs::path& spelled, std::string_view text) {
  std::set<std::string> found;
  for (const auto name : scan_includes(text)) {
    if (name.front() == '"') found.insert((spelled.parent_path() / name.substr(1, name.size() - 2)).string());
  }
  return found;
}

class Links {
 public:
  Links(const fs::path& source, const std::vector<std::string>& files, const std::vector<PatchedFile>& fix)
      : source_(source.string() + "/"), fix_(fix) {
    for (const auto& file : files) {
      if (file.starts_with(source_)) files_.push_back(file.substr(source_.size()));
    }
  }

  Result<std::vector<std::string>> find(Linked linked) {
    TRY(follow_from_fix(linked));
    if (linked == Linked::all || by_macro_) links_.insert(files_.begin(), files_.end());
    return std::vector(links_.begin(), links_.end());
  }

 private:
  Status follow_from_fix(Linked linked) {
    if (linked == Linked::needed) TRY(find_quoters());
    for (const auto& file : fix_) {
      lead_to(file.path);
      by_macro_ |= includes_by_macro(file.patched);
      link_all(beside(file.path, file.patched));
    }
    while (!waiting_.empty()) {
      const auto spelled = std::move(waiting_.back());
      waiting_.pop_back();
      const auto text = TRY(read_text(source_ + normal(spelled)));
      by_macro_ |= includes_by_macro(text);
      link_all(beside(spelled, text));
    }
    return {};
  }

  Status find_quoters() {
    for (const auto& spelled : files_) {
      if (is_fixed(normal(spelled))) quoters_[normal(spelled)].push_back(spelled);  // itself, in this spelling
      const auto text = TRY(read_text(source_ + spelled));
      for (const auto& target : beside(spelled, text)) quoters_[normal(target)].push_back(spelled);
    }
    return {};
  }

  void lead_to(const std::string& path) {
    for (const auto& spelled : quoters_[path]) {
      if (link(spelled)) lead_to(normal(spelled));
    }
  }

  void link_all(const std::set<std::string>& targets) {
    std::error_code code;
    for (const auto& target : targets) {
      const auto path = normal(target);
      if (!path.starts_with("../") && fs::is_regular_file(source_ + path, code)) link(target);
    }
  }

  bool link(const std::string& spelled) {
    if (!links_.insert(spelled).second) return false;
    if (!is_fixed(normal(spelled))) waiting_.push_back(spelled);
    return true;
  }

  bool is_fixed(const std::string& path) const {
    return std::ranges::find(fix_, path, &PatchedFile::path) != fix_.end();
  }

  std::string source_;  ///< with a slash at the end
  std::vector<std::string> files_;
  const std::vector<PatchedFile>& fix_;
  std::map<std::string, std::vector<std::string>> quoters_;  ///< path -> files with a quoted include that means it
  std::set<std::string> links_;
  std::vector<std::string> waiting_;  ///< links whose own includes have not been followed
  bool by_macro_ = false;
};

}  // namespace

Result<std::vector<std::string>> files_to_link(const fs::path& source, const std::vector<std::string>& files,
                                               const std::vector<PatchedFile>& fix, Linked linked) {
  return Links(source, files, fix).find(linked);
}

}  // namespace suture::builder
