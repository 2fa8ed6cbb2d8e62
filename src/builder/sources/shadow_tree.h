// A tree that looks like the kernel's source with the fix applied, for one compile.
//
// It holds the fix's files, and links to what leads to them (shadow_links.h). Each include directory of the
// original tree stays behind its twin here, for all else. So quoted, relative and angle includes find a fixed
// header from wherever they are made, and __FILE__ stays as it was.
#pragma once

#include <string>
#include <vector>

#include "base/file.h"
#include "builder/fix/apply.h"
#include "builder/sources/shadow_links.h"

namespace suture::builder {

class ShadowTree {
 public:
  /// `source`: the kernel's source tree, canonical, which is only read. `files`: what the compile
  /// reads, as spelled by the compiler; those outside of `source` are left to where they are.
  static Result<ShadowTree> make(const fs::path& source, const std::vector<std::string>& files,
                                 const std::vector<PatchedFile>& fix, Linked linked);

  /// The compile command, made to look here first.
  std::vector<std::string> redirect(const std::vector<std::string>& command) const;

  /// Those of `files`, which the redirected compile has read, that lie in the original tree.
  std::vector<std::string> read_around(const std::vector<std::string>& files) const;

  /// The path of a file in the kernel's source, relative and normalised, if it lies in either tree.
  std::optional<std::string> path_in_kernel(std::string_view file) const;

  /// `text` without this tree's own path, for messages.
  std::string hide_root(std::string text) const;

 private:
  ShadowTree(const fs::path& source, TempDir root);
  Status add(std::string_view relative);
  Status make_parents(const fs::path& relative) const;
  std::vector<std::string> search_both(std::string_view option, std::string_view directory) const;

  std::string source_;  ///< with a slash at the end, as root_
  std::string root_;
  TempDir directory_;
};

}  // namespace suture::builder
