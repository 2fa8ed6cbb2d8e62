// The passes on a pair of objects of which one or both are damaged. What comes out without a
// refusal can be written and read again; an object has no change against itself.
#include <algorithm>
#include <set>
#include <string>

#include "fuzz/pairs.h"
#include "patch/diff.h"

namespace suture {
namespace {

void passes(ByteView original, ByteView patched) {
  auto before = elf::read_object(original, "original");
  auto after = elf::read_object(patched, "patched");
  if (!before || !after) return;
  const auto delta = patch::diff({.source = "a.c", .original = std::move(*before), .patched = std::move(*after)}, {});
  if (!delta || !delta->refusals.empty()) return;
  const auto written = elf::write_object(delta->object);
  fuzz::require(written && elf::read_object(*written, "delta"));
}

// Compilers number what would have one name twice; where damage made two of one name, it is right
// to take neither for the other.
bool has_unique_names(const elf::Object& object) {
  std::set<std::string> names;
  return std::all_of(object.symbols.begin(), object.symbols.end(), [&](const elf::Symbol& symbol) {
    return symbol.name.empty() || names.insert(symbol.name).second;
  });
}

void same(ByteView file) {
  const auto object = elf::read_object(file, "object");
  if (!object || !has_unique_names(*object)) return;
  const auto delta = patch::diff({.source = "a.c", .original = *object, .patched = *object}, {});
  if (delta && delta->refusals.empty()) fuzz::require(delta->functions.empty());
}

}  // namespace
}  // namespace suture

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace suture;
  static const auto pairs = fuzz::object_pairs();
  ByteView input(data, size);
  const auto& pair = pairs[fuzz::take_byte(input) % pairs.size()];
  const auto form = fuzz::take_byte(input) % 4;
  const auto half = input.size() / 2;
  if (form == 0) passes(fuzz::damage(pair.original, input), pair.patched);
  if (form == 1) passes(pair.original, fuzz::damage(pair.patched, input));
  if (form == 2)
    passes(fuzz::damage(pair.original, input.first(half)), fuzz::damage(pair.patched, input.subspan(half)));
  if (form == 3) same(fuzz::damage(pair.patched, input));
  return 0;
}
