// Objects that the build assembles from this directory's sources.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "base/file.h"
#include "elf/object.h"

namespace suture::check::testing {

/// Reads it, and gives symbols that an assembler cannot name alike one name: "state__again_2" is
/// another "state".
inline elf::Object read_fixture(const char* path) {
  auto file = read_file(path);
  if (!file) throw std::runtime_error(file.error().describe());
  auto object = elf::read_object(*file, path);
  if (!object) throw std::runtime_error(object.error().describe());
  for (auto& symbol : object->symbols) symbol.name = symbol.name.substr(0, symbol.name.find("__again_"));
  return std::move(*object);
}

}  // namespace suture::check::testing
