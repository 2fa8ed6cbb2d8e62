// Reads a damaged object file. What can be read can be written, and says the same when read again.
#include "elf/object.h"
#include "fuzz/pairs.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace suture;
  static const auto pairs = fuzz::object_pairs();
  ByteView input(data, size);
  const auto which = fuzz::take_byte(input);
  const auto file =
      which == 0 ? Bytes(input.begin(), input.end()) : fuzz::damage(pairs[which % pairs.size()].original, input);
  const auto object = elf::read_object(file, "input");
  if (!object) return 0;
  for (const auto& section : object->sections) {
    for (const auto& relocation : section.relocations) {
      fuzz::require(relocation.symbol < object->symbols.size());
      fuzz::require(relocation.offset < section.data.size());
    }
  }
  const auto written = elf::write_object(*object);
  if (!written) return 0;
  const auto again = elf::read_object(*written, "output");
  fuzz::require(again.has_value());
  fuzz::require(again->symbols.size() == object->symbols.size());
  return 0;
}
