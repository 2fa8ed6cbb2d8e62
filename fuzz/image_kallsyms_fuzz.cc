#include <array>

#include "fuzz/fuzz.h"
#include "image/kallsyms.h"
#include "image/testing/kallsyms_builder.h"

namespace suture {
namespace {

using image::testing::KallsymsLayout;

Bytes some_tables(KallsymsLayout layout, bool absolute_percpu) {
  image::testing::KallsymsBuilder builder;
  builder.layout = layout;
  builder.absolute_percpu = absolute_percpu;
  if (absolute_percpu) builder.symbols.push_back({"current_task", 64, 'A'});
  for (std::uint64_t i = 0; i < 300; ++i)
    builder.symbols.push_back({i % 50 == 0 ? "twin" : fmt::format("f{}", i), builder.base + 8 * i, 't'});
  builder.symbols[20].name = std::string(300, 'x');
  return builder.build();
}

}  // namespace
}  // namespace suture

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace suture;
  static const std::array<Bytes, 4> tables = {
      some_tables(KallsymsLayout::offsets_first, true), some_tables(KallsymsLayout::offsets_first_and_seqs, true),
      some_tables(KallsymsLayout::offsets_last, true), some_tables(KallsymsLayout::offsets_last, false)};
  ByteView input(data, size);
  const auto choice = fuzz::take_byte(input) % (tables.size() + 1);
  const auto kallsyms = choice < tables.size() ? image::Kallsyms::parse(fuzz::damage(tables[choice], input), "input")
                                               : image::Kallsyms::parse(input, "input");
  if (!kallsyms) return 0;
  const auto& symbols = kallsyms->symbols();
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    fuzz::require(i == 0 || symbols[i - 1].address <= symbols[i].address);
    const auto same = kallsyms->named(symbols[i].name);
    const auto position = kallsyms->position_of(i);
    fuzz::require(same.size() == 1 ? position == 0 : same.at(position - 1) == i);
    fuzz::require(symbols[kallsyms->symbol_at(symbols[i].address).value()].address == symbols[i].address);
  }
  return 0;
}
