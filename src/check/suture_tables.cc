#include "check/suture_tables.h"

namespace suture::check {
namespace {

// struct suture_target: const char *object; const void *note; const struct suture_field *fields;
// int (*pre_patch)(…); void (*post_unpatch)(…); unsigned char build_id[20]; unsigned int reserved.
// The array ends with object == NULL.
constexpr std::uint64_t object_field = 0;
constexpr std::uint64_t note_field = 8;
constexpr std::uint64_t build_id_field = 40;
constexpr std::uint64_t record_size = 64;

std::string hex(const ModuleFile& module, Place place) {
  const auto found = Reader(module.section(place.section).data, "").slice(place.offset, build_id_size);
  return found ? to_hex(*found) : "";
}

}  // namespace

std::optional<SutureKernel> suture_kernel(const ModuleFile& module) {
  const auto* symbol = module.find_symbol("suture_kernel");
  if (symbol == nullptr) return std::nullopt;
  const Place place{symbol->section, symbol->value};
  return SutureKernel{place, hex(module, place)};
}

bool has_suture_targets(const ModuleFile& module) { return module.find_symbol("suture_targets") != nullptr; }

std::optional<SutureTarget> suture_target(const ModuleFile& module, std::string_view object) {
  const auto* table = module.find_symbol("suture_targets");
  if (table == nullptr) return std::nullopt;
  const auto& data = module.section(table->section).data;
  for (Place record{table->section, table->value};
       record.offset <= data.size() && record_size <= data.size() - record.offset; record.offset += record_size) {
    const auto* relocation = module.relocation_at({record.section, record.offset + object_field});
    const auto text = relocation != nullptr ? module.target(*relocation) : std::nullopt;
    if (!text) return std::nullopt;
    const auto name = Reader(module.section(text->section).data, "").string(text->offset);
    if (name && *name == object)
      return SutureTarget{.record = record,
                          .note = {record.section, record.offset + note_field},
                          .build_id = hex(module, {record.section, record.offset + build_id_field})};
  }
  return std::nullopt;
}

}  // namespace suture::check
