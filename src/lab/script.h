// An author's script, and what it asks for in lines of its own:
//
//   # modules: NAME...   shipped modules that are inserted before the live patch, with what they need
//   # with: FILE...      files beside the script, which it finds in its working directory
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/result.h"

namespace suture::lab {

struct Script {
  std::string text = {};
  std::vector<std::string> modules = {};
  std::vector<std::pair<std::string, Bytes>> files = {};
};

/// Reads the script and the files that it asks for.
Result<Script> read_script(const fs::path& path);

}  // namespace suture::lab
