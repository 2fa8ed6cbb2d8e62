// The object pairs that fuzz targets damage: scenarios of tests/diff, compiled as fuzz/CMakeLists.txt
// says, so that every special section of the kernel's is among them.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/file.h"
#include "fuzz/fuzz.h"

namespace suture::fuzz {

struct ObjectPair {
  Bytes original;
  Bytes patched;
};

/// All that were compiled, in the order of their names; at least one, or the target is built wrongly.
inline std::vector<ObjectPair> object_pairs() {
  std::vector<std::filesystem::path> originals;
  for (const auto& entry : std::filesystem::directory_iterator(SUTURE_OBJECT_PAIRS)) {
    if (entry.path().string().ends_with(".original.o")) originals.push_back(entry.path());
  }
  std::sort(originals.begin(), originals.end());
  std::vector<ObjectPair> pairs;
  for (const auto& path : originals) {
    auto patched = path;
    patched.replace_filename(path.stem().stem().string() + ".patched.o");
    pairs.push_back({read_file(path).value(), read_file(patched).value()});
  }
  require(!pairs.empty());
  return pairs;
}

}  // namespace suture::fuzz
