#include <string_view>

#include "elf/object.h"
#include "fuzz/fuzz.h"
#include "image/shipped_module.h"

namespace suture {
namespace {

Bytes some_module() {
  elf::Object object;
  const auto add = [&](const char* name, std::uint64_t flags, std::string_view data) {
    return object.add(
        elf::Section{.name = name, .flags = flags, .data = {data.begin(), data.end()}, .size = data.size()});
  };
  const auto text = add(".text", SHF_ALLOC | SHF_EXECINSTR, "code");
  const auto init = add(".init.text", SHF_ALLOC | SHF_EXECINSTR, "code");
  add(".modinfo", SHF_ALLOC, std::string_view("name=m\0vermagic=6.1 \0", 21));
  for (const elf::SectionIndex section : {text, init, text, elf::SectionIndex{SHN_UNDEF}})
    for (const auto* name : {"one", "two"}) object.add(elf::Symbol{.name = name, .section = section});
  return elf::write_object(object).value();
}

}  // namespace
}  // namespace suture

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace suture;
  static const Bytes file = some_module();
  const auto module = image::ShippedModule::parse(fuzz::damage(file, {data, size}), "input");
  if (!module) return 0;
  const auto count = static_cast<elf::SymbolIndex>(module->object().symbols.size());
  for (elf::SymbolIndex i = 1; i < count; ++i) {
    const auto live = module->live_position(i);
    fuzz::require(live.has_value() == module->is_core(i));
    if (const auto position = module->position_of(i)) fuzz::require(position == module->coming_position(i));
  }
  return 0;
}
