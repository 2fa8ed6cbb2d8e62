// What a module's file says before it is loaded: the names of its sections, and the "key=value"
// entries of its section .modinfo.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace suture::lab {

struct ModuleFile {
  std::vector<std::string> sections = {};
  std::vector<std::pair<std::string, std::string>> modinfo = {};

  /// The value of the first entry with this key, or "".
  std::string_view value(std::string_view key) const;
  /// The parts of its comma-separated value; none if it is empty.
  std::vector<std::string> list(std::string_view key) const;
};

/// `file` is a whole .ko, `name` what errors call it. A module without .modinfo has no entries.
Result<ModuleFile> read_module_file(ByteView file, std::string_view name);

}  // namespace suture::lab
