// Which files a shadow tree has to hold beside those of the fix.
//
// An include in angle brackets finds the fix from wherever it is made, through the search directories. A
// quoted one looks beside its own file first, and so finds the fix only if that file lies in the tree too.
// So the tree needs what leads to the fix through quoted includes alone, and what those files include in the
// same way: some ten files, where the compile reads a thousand. A thousand links, made and removed again for
// each compile, cost more than many a compile: ext4 does not use removed inodes again for minutes, and walks
// past all of them for each new file (fs/ext4/ialloc.c, recently_deleted()).
#pragma once

#include <string>
#include <vector>

#include "base/file.h"
#include "builder/fix/apply.h"

namespace suture::builder {

enum class Linked {
  needed,  ///< by the text of the files; a macro that makes the name of an include may prove that too few
  all,     ///< what the compile reads, and what the fix newly includes with quotes
};

/// `source`: the kernel's source tree, canonical. `files`: what the original's compile has read, as spelled.
/// Gives paths in the tree, spelled as the compiler comes upon them ("drivers/x/../y/far.h").
Result<std::vector<std::string>> files_to_link(const fs::path& source, const std::vector<std::string>& files,
                                               const std::vector<PatchedFile>& fix, Linked linked);

}  // namespace suture::builder
