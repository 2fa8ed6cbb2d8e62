// What a module says about itself: the NUL-terminated "key=value" entries of its section .modinfo.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace suture::lab {

struct Modinfo {
  std::vector<std::pair<std::string, std::string>> entries;

  /// The first value of this key, or "".
  std::string_view value(std::string_view key) const;
  /// Every value of this key, in order.
  std::vector<std::string_view> values(std::string_view key) const;
  /// The parts of a comma-separated value; none if it is empty.
  std::vector<std::string> list(std::string_view key) const;
};

/// `file` is a whole .ko, `name` what errors call it. No more of it is looked at than is needed to
/// find the section; a module without the section has no entries.
Result<Modinfo> read_modinfo(ByteView file, std::string_view name);

/// As the kernel names modules: the file's stem, '-' as '_'.
std::string module_name_of(std::string_view file_name);

}  // namespace suture::lab
